"""One suite for both databases: SQLite always, PostgreSQL where CAVEAT_TEST_POSTGRES names a server."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger.small_lists import LIST, Desk, as_of, file_of, party

from caveat.app import App, open_app
from caveat.config import Config
from caveat.errors import StoreError
from caveat.ledger import keep_word, words_on
from caveat.model import Moment

ALPHA, BETA, GAMMA = party("Alpha Works", "1"), party("Beta Trading", "2"), party("Gamma Optics", "3")
FILES = [
    file_of([ALPHA, BETA], "2020-01-01"),
    file_of([{**ALPHA, "title": "Works"}], "2020-02-01"),
    file_of([ALPHA, BETA, GAMMA], "2020-03-01T10:00"),
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite")
        return
    server = os.environ.get("CAVEAT_TEST_POSTGRES")
    if not server:
        pytest.skip("needs a PostgreSQL server: set CAVEAT_TEST_POSTGRES to its URL")
    name = f"caveat_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(sa.make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """An empty ledger on it."""
    made = Desk(url)
    yield made
    made.store.close()


@pytest.fixture
def app(url: str, tmp_path: Path) -> Iterator[App]:
    """The app with the starter record on it."""
    with open_app(Config(db=url, index=str(tmp_path / "index"), who="a person")) as made:
        yield made


def test_digest_is_the_same_on_every_database_and_in_every_order(desk: Desk, tmp_path: Path) -> None:
    desk.load(*FILES[::-1])
    other = Desk(tmp_path / "other.sqlite")
    other.load(*FILES)
    assert desk.digest() == other.digest()
    assert desk.ledger.generation() == other.ledger.generation()
    assert desk.ids() == other.ids()


def test_clocks_history_and_changes(desk: Desk) -> None:
    desk.load(*FILES)
    assert desk.names("2020-02-15") == ["Alpha Works"]
    assert desk.names("2020-03-01", "2020-03-01T09:59") == ["Alpha Works"]
    assert desk.names("2020-03-01") == ["Alpha Works", "Beta Trading", "Gamma Optics"]
    told = [(c.kind, c.name) for c in desk.ledger.changes(Moment("2020-01-01"), Moment("2020-02-01"), LIST)]
    assert told == [("amended", "Alpha Works"), ("removed", "Beta Trading")]
    steps = [c.kind for c in desk.ledger.history(desk.ids()["Beta Trading"], Moment("2021-01-01"))]
    assert steps == ["added", "removed", "added"]


def test_a_failed_refresh_leaves_nothing(desk: Desk) -> None:
    desk.load(FILES[0])
    before = desk.digest()
    with pytest.raises(ZeroDivisionError), desk.store.write() as connection:
        connection.execute(sa.text("DELETE FROM saying"))
        raise ZeroDivisionError
    assert desk.digest() == before


def test_names_with_every_script_and_mark(desk: Desk) -> None:
    names = [
        "杭州海康威视",
        "ООО «Завод»",
        "شركة",
        "O'Brien “&” Söhne; DROP TABLE saying;--",
        "emoji 🏭 works",
        "a" * 3000,
    ]
    desk.load(file_of([party(n, str(i)) for i, n in enumerate(names)], "2020-01-01"))
    assert desk.names("2020-01-02") == sorted(names)
    for name in names:
        assert desk.ledger.named(name) == [desk.ids()[name]]


def test_an_instant_that_no_database_types_spoil(desk: Desk) -> None:
    (report,) = desk.load(file_of([ALPHA], "2020-03-29T02:30:15"))
    assert report.published == Moment("2020-03-29T02:30:15")
    (snap,) = desk.ledger.timelines()[LIST].whole
    assert snap.published.text == "2020-03-29T02:30:15"


def test_a_long_place_and_many_rows(desk: Desk) -> None:
    rows = [party(f"Party {n}", str(n), addresses=[{"text": f"{n} Long Road " + "x" * 500}]) for n in range(1200)]
    (report,) = desk.load(file_of(rows, "2020-01-01"))
    assert report.rows == report.added == 1200
    when = as_of("2020-01-02")
    found = desk.ledger.listings(desk.ledger.in_force(LIST, when), when)
    assert len(found) == 1200
    assert desk.ledger.at_address("7 LONG road " + "x" * 500) == [desk.ids()["Party 7"]]


def test_two_writers_one_after_the_other(url: str) -> None:
    desks = [Desk(url), Desk(url)]
    reports: list[str] = []

    def load(at: int) -> None:
        for document in FILES[:: 1 if at else -1]:
            reports.extend(r.status for r in desks[at].load(document))

    threads = [threading.Thread(target=load, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reports) == ["loaded"] * 3 + ["unchanged"] * 3
    assert desks[0].names("2020-03-02") == ["Alpha Works", "Beta Trading", "Gamma Optics"]
    for desk in desks:
        desk.store.close()


def test_words_stand_until_a_record_changes(desk: Desk) -> None:
    desk.load(FILES[0])
    entry_id = desk.ids()["Alpha Works"]
    query = {"id": None, "name": "Alpha Works", "country": None}

    def last(day: str, asked: dict[str, str | None]) -> tuple[str, bool] | None:
        listing = desk.ledger.listing(entry_id, as_of(day))
        assert listing is not None
        word = words_on(desk.store, asked, {entry_id: listing}).get(entry_id)
        return (word.said, word.stands) if word else None

    listing = desk.ledger.listing(entry_id, as_of("2020-01-15"))
    assert listing is not None
    keep_word(desk.store, "rejected", query, listing, why="another firm", who="me", at="2020-01-15T00:00:00")
    assert last("2020-01-20", query) == ("rejected", True)
    assert last("2020-01-20", {**query, "country": "CN"}) is None, "another record of the customer"
    desk.load(FILES[1])
    assert last("2020-02-02", query) == ("rejected", False), "the entry was amended"
    keep_word(desk.store, "confirmed", query, desk.ledger.listing(entry_id, as_of("2020-02-02")),
              why="it is them", who="me", at="2020-02-02T00:00:00")  # type: ignore[arg-type]  # fmt: skip
    assert last("2020-02-03", query) == ("confirmed", True), "the last word counts"


def test_a_word_follows_its_entry_to_an_older_id(desk: Desk) -> None:
    place = {"addresses": [{"text": "1 Long Road"}]}
    desk.load(file_of([party("Alpha Works Limited", "7", **place)], "2020-03-01"))
    before = desk.ids()["Alpha Works Limited"]
    query = {"id": None, "name": "alpha", "country": None}
    listing = desk.ledger.listing(before, as_of("2020-04-01"))
    assert listing is not None
    keep_word(desk.store, "rejected", query, listing, why="no", who="me", at="2020-04-01T00:00:00")
    desk.load(file_of([party("Alfa Works", "7", **place)], "2020-01-01"))
    now = desk.ledger.resolve(before)
    assert now != before
    listing = desk.ledger.listing(now, as_of("2020-04-01"))
    assert listing is not None
    assert words_on(desk.store, query, {now: listing})[now].said == "rejected"


def test_the_app_answers(app: App) -> None:
    assert app.verify()["status"] == "whole"
    assert {row["list"] for row in app.lists()["lists"] if row["entries"]} >= {"us.bis.entity_list", "us.ofac.ns_cmic"}
    shown = app.show("Hikvision")
    assert shown["effective_on"] == "2019-10-09"
    assert shown["same_party"]
    hit = app.screen("Hikvison Digital").hits[0]
    assert "HIKVISION" in hit.name.upper()
    word = app.reject("Hikvison Digital", hit.entry_id, why="a test")["word"]
    assert (word["said"], word["who"], word["stands"]) == ("rejected", "a person", True)
    (again,) = [h for h in app.screen("Hikvison Digital").hits if h.entry_id == hit.entry_id]
    assert again.word is not None and again.word["said"] == "rejected"


def test_a_second_opening_changes_nothing(url: str, tmp_path: Path) -> None:
    with open_app(Config(db=url, index=str(tmp_path / "index"))) as first:
        digest, generation = first.verify()["digest"], first.ledger.generation()
    with open_app(Config(db=url, index=str(tmp_path / "index"))) as second:
        assert (second.verify()["digest"], second.ledger.generation()) == (digest, generation)


def test_a_backup_is_the_same_ledger_in_one_file(desk: Desk, tmp_path: Path) -> None:
    desk.load(*FILES)
    desk.store.back_up(tmp_path / "copy.sqlite")
    copy = Desk(tmp_path / "copy.sqlite")
    assert copy.digest() == desk.digest()
    assert copy.names("2020-02-15") == ["Alpha Works"]
    (report,) = copy.load(file_of([ALPHA, BETA, GAMMA, party("Delta Lines", "4")], "2020-04-01"))
    assert (report.status, report.added) == ("loaded", 1)
    copy.store.close()
    with pytest.raises(StoreError, match="exists already"):
        desk.store.back_up(tmp_path / "copy.sqlite")


def test_a_reader_sees_one_state_while_another_writes(desk: Desk) -> None:
    desk.load(FILES[0])
    count = sa.text("SELECT count(*) FROM saying")
    with desk.store.read() as connection:
        before = connection.execute(count).scalar_one()
        writer = threading.Thread(target=lambda: desk.load(FILES[2]))
        writer.start()
        writer.join()
        assert connection.execute(count).scalar_one() == before
    with desk.store.read() as connection:
        assert connection.execute(count).scalar_one() > before


def test_text_no_index_can_hold_is_kept_whole(desk: Desk) -> None:
    import random

    chance = random.Random(7)
    address = " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9)) for _ in range(900))
    (report,) = desk.load(file_of([party("Alpha Works", "1", addresses=[{"text": address}])], "2020-01-01"))
    assert report.status == "loaded"
    found = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-01-02"))
    assert found is not None
    assert found.entry.addresses[0].text == address
    assert desk.ledger.at_address(address) == [desk.ids()["Alpha Works"]]


def test_a_confirmed_word_is_kept(desk: Desk) -> None:
    desk.load(FILES[0])
    listing = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-01-15"))
    assert listing is not None
    query = {"id": None, "name": "Alpha Works", "country": None}
    keep_word(desk.store, "confirmed", query, listing, why="it is them", who="me", at="2020-01-15T00:00:00")
    assert words_on(desk.store, query, {listing.entry_id: listing})[listing.entry_id].said == "confirmed"
