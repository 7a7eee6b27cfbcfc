"""Pages on who a party is: search as you type, the party on every list, a citation, a receipt."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from caveat.app import Query as Party
from caveat.errors import InputError
from caveat.model import ACTIVITIES, ROLES, AsOf
from caveat.web import citing, timeline
from caveat.web.asking import Desk, desk_of
from caveat.web.render import page

_KINDS = ("person", "organization", "vessel", "aircraft", "address")
#: Entries of one party drawn beside each other; more are listed by name.
_MOST_BESIDE = 12
Text = Annotated[str, Query(max_length=1000)]


def hang(router: APIRouter) -> None:
    """Hang these pages on the site."""
    router.add_api_route("/", search, methods=["GET"])
    router.add_api_route("/hits", hits, methods=["GET"])
    router.add_api_route("/party/{entry:path}", party, methods=["GET"])
    router.add_api_route("/receipt", receipt, methods=["GET"])
    router.add_api_route("/picture/{kind}/{party:path}", picture, methods=["GET"])


async def search(
    request: Request, name: Text = "", country: Text = "", kind: Text = "", address: Text = "", birth_date: Text = "",
    identifier: Text = "", as_of: Text = "", known: Text = "", list: Text = "",  # noqa: A002
) -> Response:  # fmt: skip
    """A name typed; the hits, each with its evidence."""
    asked = _asked(locals())
    answer = await _screened(request, asked)
    return page(
        request, "search.html", answer=answer, form=asked, kinds=_KINDS, coverage=await _coverage(request),
        **await _grouped(desk_of(request), answer),
    )  # fmt: skip


async def hits(
    request: Request, name: Text = "", country: Text = "", kind: Text = "", address: Text = "", birth_date: Text = "",
    identifier: Text = "", as_of: Text = "", known: Text = "", list: Text = "",  # noqa: A002
) -> Response:  # fmt: skip
    """Only the hits, for the page that searches as one types."""
    asked = _asked(locals())
    answer = await _screened(request, asked)
    return page(request, "hits.html", answer=answer, form=asked, **await _grouped(desk_of(request), answer))


async def receipt(
    request: Request, name: Text, country: Text = "", kind: Text = "", address: Text = "", birth_date: Text = "",
    identifier: Text = "", as_of: Text = "", known: Text = "", list: Text = "",  # noqa: A002
) -> Response:  # fmt: skip
    """One answer to be printed: dated, hashed, with the evidence and the lists it rests on."""
    asked = _asked(locals())
    answer = await _screened(request, asked)
    if answer is None:
        raise InputError("a receipt needs a name", where="name")
    desk = desk_of(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receipt.json"
        await desk.ask("receipt", answer, path)
        told = json.loads(path.read_text("utf-8"))
    return page(request, "receipt.html", receipt=told, answer=told["answer"], form=asked)


async def party(request: Request, entry: str, as_of: Text = "", known: Text = "") -> Response:
    """One party: each list's words side by side, the timeline, the history, a citation."""
    desk = desk_of(request)
    clocks = desk.app.as_of(as_of or None, known or None)
    lead = (await desk.recall("show", entry, clocks)).to_dict()
    beside = [lead]
    for other in lead["same_party"][: _MOST_BESIDE - 1]:
        beside.append((await desk.recall("show", other["entry_id"], clocks)).to_dict())
    history = (await desk.recall("history", lead["entry_id"], known or None)).to_dict()
    titles = await _titles(desk)
    root = str(request.base_url).rstrip("/")
    return page(
        request, "party.html", entry=lead, beside=beside, history=_life(history), titles=titles,
        drawn=timeline.draw(beside, clocks.in_force.isoformat()), more=lead["same_party"][_MOST_BESIDE - 1 :],
        cites=citing.citations(lead, titles.get(lead["list"], lead["list"]), root),
        address=citing.address(root, lead), owned=await _ties(desk, "own", lead["name"], clocks),
        supplied=await _ties(desk, "exposure", lead["name"], clocks), activities=ACTIVITIES, roles=ROLES,
        form={"as_of": as_of, "known": known},
    )  # fmt: skip


async def picture(
    request: Request, kind: Literal["own", "exposure", "trace"], party: str, as_of: Text = "", known: Text = "",
    theme: Literal["light", "dark"] = "light",
) -> Response:  # fmt: skip
    """A picture of the graph as an image of its own, in which nothing runs."""
    desk = desk_of(request)
    clocks = desk.app.as_of(as_of or None, known or None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        await desk.ask("picture", kind, party, path, theme=theme, as_of=clocks)
        content = path.read_bytes()
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=60"}
    return Response(content, 200, headers, "image/svg+xml")


def _asked(given: dict[str, Any]) -> dict[str, str]:
    return {k: v.strip() for k, v in given.items() if isinstance(v, str)}


async def _screened(request: Request, asked: dict[str, str]) -> Any:
    """The answer to a filled form; None where no name was given."""
    if not asked["name"]:
        return None
    if asked["kind"] and asked["kind"] not in _KINDS:
        raise InputError(f"{asked['kind']!r} is no kind", where="kind", do=f"one of {', '.join(_KINDS)}")
    desk = desk_of(request)
    query = Party(
        asked["name"], country=asked["country"].upper() or None, address=asked["address"] or None,
        birth_date=asked["birth_date"] or None, identifiers=tuple(x for x in [asked["identifier"]] if x),
    )  # fmt: skip
    return await desk.ask(
        "screen", query, as_of=desk.app.as_of(asked["as_of"] or None, asked["known"] or None), limit=20,
        lists=tuple(x for x in [asked["list"]] if x), kind=asked["kind"] or None,
    )  # fmt: skip


async def _coverage(request: Request) -> Any:
    desk = desk_of(request)
    return await desk.recall("lists", desk.app.as_of())


async def _titles(desk: Desk) -> dict[str, str]:
    """The title of each list, by its id."""
    answer = await desk.recall("lists", desk.app.as_of())
    return {row["list"]: row["title"] for row in answer["lists"]}


async def _ties(desk: Desk, kind: str, name: str | None, clocks: AsOf) -> Any:
    """What the graph knows of a party's owners (`own`) or suppliers (`exposure`); None where it knows none."""
    if not name or not desk.has(kind):
        return None
    try:
        told = (await desk.ask(kind, name, as_of=clocks)).to_dict()
    except InputError:
        return None
    return told if any(told.get(k) for k in ("owners", "owned", "suppliers", "sales_at_risk")) else None


async def _grouped(desk: Desk, answer: Any) -> dict[str, Any]:
    """The hits by party, best first: entries of several lists that the ledger joins stand together."""

    def group() -> list[list[Any]]:
        groups: list[list[Any]] = []
        place: dict[str, int] = {}
        for hit in answer.hits:
            if hit.entry_id not in place:
                place[hit.entry_id] = len(groups)
                groups.append([])
                for other in desk.app.ledger.relatives(hit.entry_id):
                    place.setdefault(other.entry_id, place[hit.entry_id])
            groups[place[hit.entry_id]].append(hit)
        return groups

    return {"parties": await desk.do(group), "titles": await _titles(desk)} if answer else {"parties": [], "titles": {}}


def _life(history: dict[str, Any]) -> list[dict[str, Any]]:
    """One timeline of all steps across lists, newest first."""
    steps = [*history["changes"], *(step for other in history["same_party"] for step in other["changes"])]
    return sorted(steps, key=lambda s: (s["on"], s["list"]), reverse=True)
