"""Settings: read once, from a TOML file and the environment, frozen, passed in."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from caveat.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set. TOML keys are the field names; environment: `CAVEAT_` and the name.

    db      database URL, or the path of an SQLite file
    index   folder of the screening index; default beside an SQLite file, else in the user's cache
    who     name written under people's words on hits (`caveat confirm`)
    keys    file of the API keys that open `caveat serve`; default in the user's settings folder
    """

    db: str
    index: str
    who: str | None = None
    keys: str | None = None

    @property
    def keys_file(self) -> Path:
        """Where the API keys are kept."""
        return Path(self.keys) if self.keys else _folder("config") / "keys.json"


def read_config(environ: Mapping[str, str] = os.environ, **given: Any) -> Config:
    """The settings: given ones first, then the environment, then `CAVEAT_CONFIG` or config.toml."""
    values: dict[str, Any] = {}
    path = Path(environ["CAVEAT_CONFIG"]) if environ.get("CAVEAT_CONFIG") else _folder("config") / "config.toml"
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ConfigError(f"cannot be read ({error})", where=str(path)) from None
    elif environ.get("CAVEAT_CONFIG"):
        raise ConfigError("there is no such file", where=str(path), do="correct CAVEAT_CONFIG")
    names = {f.name for f in fields(Config)}
    if unknown := sorted(set(values) - names):
        raise ConfigError(f"unknown setting {unknown[0]!r}", where=str(path), do=f"known: {', '.join(sorted(names))}")
    for name in names:
        if value := environ.get(f"CAVEAT_{name.upper()}"):
            values[name] = value
    values.update({k: v for k, v in given.items() if v is not None})
    values.setdefault("db", str(_folder("data") / "caveat.sqlite"))
    values.setdefault("index", _index_beside(values["db"]))
    values.setdefault("who", environ.get("USER") or environ.get("LOGNAME"))
    return Config(**values)


def _index_beside(db: str) -> str:
    path = db.removeprefix("sqlite:///")
    if "://" not in path and path != ":memory:":
        return f"{Path(path).expanduser()}.index"
    return str(_folder("cache") / f"index-{hashlib.sha256(db.encode()).hexdigest()[:12]}")


def _folder(kind: str) -> Path:
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("caveat"))
