"""Lists fetched from a publisher that misbehaves: the last good list stays and answers."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from caveat.errors import ConfigError
from caveat.ledger import Ledger, Refreshed, Refresher, Wishes, fetch_all
from caveat.model import AsOf, Moment
from caveat.sources import Catalog, load_catalog
from caveat.sources.fetch import Patience
from caveat.store import open_store

LIST = "un.sc"
QUICK = Patience(silence=10, whole=20, attempts=2, pause=0.01, longest_pause=0.02)
PARTY = (
    "<ENTITY><DATAID>{n}</DATAID><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>KPe.{n:03}</REFERENCE_NUMBER><LISTED_ON>2020-01-0{n}</LISTED_ON></ENTITY>"
)


def consolidated(*names: str, day: str = "2024-05-01") -> bytes:
    parties = "".join(PARTY.format(n=n, name=name) for n, name in enumerate(names, start=1))
    return (
        f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z"><INDIVIDUALS/><ENTITIES>{parties}</ENTITIES>'
        "</CONSOLIDATED_LIST>"
    ).encode()


@dataclass
class Publisher:
    """What the server gives next, and how often it was asked."""

    status: int = 200
    body: bytes = b""
    etag: str | None = None
    length: int | None = None
    asked: int = 0
    base: str = ""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    state = Publisher()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            state.asked += 1
            same = state.etag is not None and self.headers.get("If-None-Match") == state.etag
            self.send_response(304 if same else state.status)
            if state.etag:
                self.send_header("ETag", state.etag)
            body = b"" if same else state.body
            self.send_header("Content-Length", str(state.length or len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.base = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()


class Desk:
    def __init__(self, path: Path, publisher: Publisher) -> None:
        self.store = open_store(str(path))
        self.publisher = publisher
        catalog = load_catalog()
        self.catalog = Catalog({**catalog.lists, LIST: replace(catalog[LIST], expected_min=1, expected_max=10)})

    def fetch(self) -> Refreshed:
        refresher = Refresher(self.store, self.catalog, "2026-01-01T00:00:00")
        wishes = Wishes(lists=(LIST,))
        (found,) = fetch_all(refresher, self.catalog, wishes, base=self.publisher.base, patience=QUICK)
        return found

    def names(self) -> list[str]:
        as_of = AsOf(Moment("2026-06-01").day, Moment("2026-06-01"))
        ledger = Ledger(self.store)
        found = ledger.listings(ledger.in_force(LIST, as_of), as_of)
        return sorted(x.entry.name for x in found.values())


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Desk:
    desk = Desk(tmp_path / "ledger.sqlite", publisher)
    publisher.body = consolidated("Alpha Works", "Beta Trading", "Gamma Mills")
    first = desk.fetch()
    assert (first.status, first.added, str(first.published)) == ("loaded", 3, "2024-05-01T00:00:00")
    return desk


def test_a_new_list_is_taken(desk: Desk) -> None:
    desk.publisher.body = consolidated("Alpha Works", "Beta Trading", "Gamma Mills", "Delta Lines", day="2024-06-01")
    assert desk.fetch().added == 1
    assert desk.names() == ["Alpha Works", "Beta Trading", "Delta Lines", "Gamma Mills"]


def test_an_unchanged_list_is_asked_for_by_its_mark_only(desk: Desk) -> None:
    desk.publisher.etag = '"one"'
    assert desk.fetch().status == "unchanged"  # the same bytes, whole; the mark is kept
    asked = desk.publisher.asked
    assert desk.fetch().status == "unchanged"
    assert desk.publisher.asked == asked + 1


@pytest.mark.parametrize(
    ("status", "body", "length", "word"),
    [
        (500, b"", None, "500"),
        (403, b"<html>Request blocked</html>", None, "403"),
        (200, b"", None, "nothing"),
        (200, b"<!doctype html><title>Maintenance</title>", None, "HTML"),
        (200, consolidated("Alpha Works")[:-40], None, "XML"),
        (200, consolidated("Alpha Works"), 5000, ""),
        (200, consolidated(*(f"Party {n}" for n in range(1, 10)), "Tenth", "Eleventh"), None, "expected"),
    ],
    ids=["error", "blocked", "empty", "page", "cut", "short", "too many"],
)
def test_what_goes_wrong_is_told_and_the_last_good_list_stays(
    desk: Desk, status: int, body: bytes, length: int | None, word: str
) -> None:
    desk.publisher.status, desk.publisher.body, desk.publisher.length = status, body, length
    found = desk.fetch()
    assert found.status == "refused"
    assert found.why and word.lower() in found.why.lower()
    assert desk.names() == ["Alpha Works", "Beta Trading", "Gamma Mills"]


def test_a_list_without_an_address_says_why(desk: Desk) -> None:
    refresher = Refresher(desk.store, desk.catalog, "2026-01-01T00:00:00")
    (found,) = fetch_all(refresher, desk.catalog, Wishes(lists=("us.far.section_889",)), base=desk.publisher.base)
    assert found.status == "refused"
    assert found.why and "statute" in found.why


def test_a_catalog_may_not_name_a_plain_address() -> None:
    with pytest.raises(ConfigError, match="https"):
        load_catalog(
            "x:\n  title: t\n  publisher: p\n  authority: a\n  cadence_days: 1\n  expected: {min: 0, max: 1}\n"
            "  urls: ['http://example.org/list.csv']\n"
        )
