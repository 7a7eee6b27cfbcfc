"""Commands that open doors: serve, mcp, key add, key list, key drop."""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from caveat.cli.context import of
from caveat.config import read_config
from caveat.errors import ConfigError


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command()(serve)
    app.command()(mcp)
    keys = typer.Typer(name="key", help="API keys: hashed, scoped, expiring.", no_args_is_help=True)
    keys.command("add")(key_add)
    keys.command("list")(key_list)
    keys.command("drop")(key_drop)
    app.add_typer(keys)


def site(settings: Any) -> Any:
    """The API with the pages, as the settings of `serve` describe it."""
    from caveat import api, web

    sys.setswitchinterval(0.0005)  # a question that waits for its turn waits a tenth as long
    api.log_lines()
    return api.build_site(read_config(db=settings.db), settings, (web.mount,))


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback needs API keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8744,
    name: Annotated[list[str] | None, typer.Option(help="A host name under which people reach it; repeatable.")] = None,
    https: Annotated[bool, typer.Option("--https", help="People reach it by HTTPS, through a proxy.")] = False,
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    rate: Annotated[int, typer.Option(help="Requests a minute for one credential.")] = 60_000,
) -> int:
    """API and pages, on this machine unless told otherwise. Prints the address with its token."""
    from caveat import api

    context = of(ctx)
    config = read_config(db=context.db)
    path = config.keys_file
    settings = api.Settings(
        db=context.db, host=host, port=port, keys=str(path), names=tuple(name or ()), https=https, rate=rate,
        workers=workers,
    )  # fmt: skip
    if settings.is_loopback and not https:
        settings = replace(settings, token=secrets.token_urlsafe(24))
        shown = f"[{host}]" if ":" in host else host
        print(f"Caveat at http://{shown}:{port}/?token={settings.token}", file=sys.stderr)  # noqa: T201
    elif not len(api.Keys(path)):
        raise ConfigError(
            f"{host} can be reached by others, and there is no API key", where=str(path),
            do="`caveat key add NAME` first, or serve on 127.0.0.1",
        )  # fmt: skip
    api.run(settings, site)
    return 0


def mcp(ctx: typer.Context) -> int:
    """The same questions for an agent, over standard input and output."""
    from caveat import api

    api.run_mcp(of(ctx).app)
    return 0


def key_add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Who or what uses it.")],
    scope: Annotated[list[str] | None, typer.Option(help="read, write or admin; repeatable.")] = None,
    days: Annotated[int, typer.Option(help="Days until it expires.")] = 365,
) -> int:
    """Make a key and print it once; only its hash is kept."""
    context = of(ctx)
    keys = _keys(ctx)
    text = keys.add(name, tuple(scope or ["read"]), days, context.app.now())
    made = keys.all()[-1]
    if context.is_text:
        print(text)  # noqa: T201
        print(f"{', '.join(made.scopes)} until {made.expires_on}; it cannot be shown again", file=sys.stderr)  # noqa: T201
    else:
        context.put({"key": text, "id": made.id, "scopes": list(made.scopes), "expires_on": made.expires_on})
    return 0


def key_list(ctx: typer.Context) -> int:
    """The keys that were made, without their secrets."""
    context = of(ctx)
    rows = [
        {"id": k.id, "name": k.name, "scopes": list(k.scopes), "made_at": k.made_at, "expires_on": k.expires_on}
        for k in _keys(ctx).all()
    ]
    if context.is_text:
        for row in rows:
            print(f"{row['id']}  {row['name']}  {', '.join(row['scopes'])}  until {row['expires_on']}")  # noqa: T201
    else:
        context.put({"keys": rows}, rows)
    return 0


def key_drop(ctx: typer.Context, key: Annotated[str, typer.Argument(metavar="ID")]) -> int:
    """Take a key away: it opens nothing from now on."""
    _keys(ctx).drop(key)
    return 0


def _keys(ctx: typer.Context) -> Any:
    from caveat import api

    return api.Keys(Path(read_config(db=of(ctx).db).keys_file))
