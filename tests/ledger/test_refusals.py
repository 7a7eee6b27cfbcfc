"""Guards: what is empty, cut, of another shape, wrongly decoded or shrunk is refused, and the last good list stays."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from ledger.small_lists import Desk, as_of, file_of, file_of_lists, party
from shared_data import shared

from caveat.errors import InputError, RefusedError
from caveat.ledger import Refreshed, documents_at
from caveat.model import Moment
from caveat.sources import open_path


def rows(count: int, prefix: str = "Party") -> list[dict[str, object]]:
    """So many parties."""
    return [party(f"{prefix} {n:03} Works", str(n)) for n in range(count)]


def refused(reports: list[Refreshed]) -> str:
    """The reason; fails where anything was taken."""
    assert [r.status for r in reports] == ["refused"] * len(reports)
    assert reports
    return " ".join(r.why or "" for r in reports)


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """A hundred parties on 1 January."""
    made = new_desk()
    made.load(file_of(rows(100), "2020-01-01"))
    return made


def still_whole(desk: Desk, digest: str) -> None:
    """Nothing at all changed, and the list still answers."""
    assert desk.digest() == digest
    assert len(desk.names("2021-01-01")) == 100


def test_a_list_that_shrank_is_refused_and_may_be_accepted(desk: Desk) -> None:
    before = desk.digest()
    small = file_of(rows(60), "2020-02-01")
    why = refused(desk.load(small, accept=False))
    assert "100" in why and "60" in why and "--accept" in why and "--extract" in why
    still_whole(desk, before)
    (taken,) = desk.load(small, accept=True)
    assert (taken.status, taken.rows, taken.removed) == ("loaded", 60, 40)
    assert len(desk.names("2020-02-01")) == 60
    assert len(desk.names("2020-01-31")) == 100


def test_a_tenth_may_go(desk: Desk) -> None:
    (taken,) = desk.load(file_of(rows(91), "2020-02-01"), accept=False)
    assert (taken.status, taken.removed) == ("loaded", 9)


def test_the_bound_compares_with_the_file_before_this_files_own_date(desk: Desk) -> None:
    desk.load(file_of(rows(200), "2022-01-01"))
    (older,) = desk.load(file_of(rows(98), "2020-06-01"), accept=False)
    assert older.status == "loaded", "compared with the 100 before it, not with the 200 after it"
    (first,) = desk.load(file_of(rows(3), "2010-01-01"), accept=False)
    assert first.status == "loaded", "nothing precedes it"


def test_an_empty_list_beside_a_full_one_is_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    both = ("test.one", "test.two")
    desk.load(file_of_lists({"test.one": rows(3), "test.two": rows(50)}, "2020-01-01"), lists=both)
    reports = desk.load(file_of_lists({"test.one": [], "test.two": rows(50)}, "2020-02-01"), lists=both, accept=False)
    assert {r.list: r.status for r in reports} == {"test.one": "refused", "test.two": "loaded"}
    assert len(desk.names("2020-03-01", None, "test.one")) == 3


def test_wrongly_decoded_names_are_refused(desk: Desk) -> None:
    before = desk.digest()
    spoilt = [party(f"SociÃ©tÃ© {n:03} GÃ©nÃ©rale", str(n)) for n in range(100)]
    assert "encoded" in refused(desk.load(file_of(spoilt, "2020-02-01"), accept=False))
    still_whole(desk, before)


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b"<html><title>Down for maintenance</title></html>", b"{}", b"\x00" * 500, b"\x1f\x8b\x08broken",
     b'{"lists": [', b"PK\x03\x04broken"],
)  # fmt: skip
def test_another_shape_is_refused_by_name(desk: Desk, data: bytes, tmp_path: Path) -> None:
    before = desk.digest()
    path = tmp_path / "sdn_2020-05-05.csv"
    path.write_bytes(data)
    try:
        why = refused(desk.take(documents_at(path)))
    except RefusedError as error:
        why = str(error)
    assert path.name in why
    still_whole(desk, before)


def test_a_file_without_a_date_asks_for_one(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = new_desk()
    line = b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    path = tmp_path / "sdn.csv"
    path.write_bytes(line)
    try:
        why = refused(desk.take(documents_at(path)))
    except InputError as error:
        why = str(error)
    assert "--published" in why
    (taken,) = desk.take(documents_at(path), published=Moment("2020-05-05"))
    assert (taken.status, taken.published, taken.dated_by) == ("loaded", Moment("2020-05-05"), "stated")


def test_one_broken_file_in_a_folder_costs_only_itself(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = new_desk()
    line = '{n},"PARTY {n} LINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    whole = "".join(line.format(n=n) for n in range(10)).encode()
    (tmp_path / "sdn_2020-01-01.csv.gz").write_bytes(gzip.compress(whole))
    (tmp_path / "sdn_2020-02-01.csv.gz").write_bytes(gzip.compress(whole)[:40])
    (tmp_path / "sdn_2020-03-01.csv.gz").write_bytes(gzip.compress(whole + line.format(n=11).encode()))
    reports = desk.take(documents_at(tmp_path))
    assert sorted(r.status for r in reports) == ["loaded", "loaded", "refused"]
    assert any(r.status == "refused" and "sdn_2020-02-01" in f"{r.file} {r.why}" for r in reports)
    assert len(desk.names("2020-03-01", None, "us.ofac.sdn")) == 11


def test_the_same_file_twice_is_unchanged(desk: Desk) -> None:
    before, generation = desk.digest(), desk.ledger.generation()
    (again,) = desk.load(file_of(rows(100), "2020-01-01"))
    assert (again.status, again.added, again.removed) == ("unchanged", 0, 0)
    assert (desk.digest(), desk.ledger.generation()) == (before, generation)


def test_an_extract_removes_nothing_and_may_become_the_whole(desk: Desk) -> None:
    part = file_of([*rows(2), party("New Arrival", "777")], "2020-02-01")
    (taken,) = desk.load(part, extract=True)
    assert (taken.status, taken.removed) == ("loaded", 0)
    assert len(desk.names("2020-03-01")) == 101
    (whole,) = desk.load(part)
    assert whole.status == "loaded"
    assert len(desk.names("2020-03-01")) == 3


def test_a_file_is_silent_on_what_it_cannot_hold(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    full = party("Alpha Works", "1", aliases=["Alef Works", "Alpha Fabrik"], title="Works",
                 addresses=[{"text": "1 Long Road"}])  # fmt: skip
    desk.load(
        file_of([full], "2020-01-01"),
        file_of([party("Alpha Works", "1")], "2020-02-01", holds=["kind", "source_id", "title"]),
        file_of(
            [party("Alpha Works", "1", title="Factory")], "2020-03-01", holds=["kind", "names", "source_id", "title"]
        ),
    )

    def told(day: str) -> tuple[set[str], int, str | None]:
        found = desk.ledger.listing(desk.ids()["Alpha Works"], as_of(day))
        assert found is not None
        return {n.text for n in found.entry.names}, len(found.entry.addresses), found.entry.title

    assert told("2020-01-15") == ({"Alpha Works", "Alef Works", "Alpha Fabrik"}, 1, "Works")
    names, addresses, title = told("2020-02-15")
    assert names == {"Alpha Works", "Alef Works", "Alpha Fabrik"}, "a file that cannot hold names removes none"
    assert (addresses, title) == (1, None), "silent on addresses; the title it can hold is gone"
    names, addresses, title = told("2020-03-15")
    assert (names, addresses, title) == ({"Alpha Works"}, 1, "Factory")
    steps = desk.ledger.history(desk.ids()["Alpha Works"], Moment("2021-01-01"))
    amended = [{f for f, _, _ in c.fields} for c in steps if c.kind == "amended"]
    assert "addresses" not in set().union(*amended)


def test_an_alias_file_alone_adds_and_removes_no_party(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.load(
        file_of([party("Alpha Works", "1"), party("Beta", "2")], "2020-01-01", holds=["kind", "names", "source_id"])
    )
    row = {"kind": "unknown", "source_id": "1", "names": [{"text": "Alef Works"}]}
    stray = {"kind": "unknown", "source_id": "99", "names": [{"text": "Nobody Knows"}]}
    (taken,) = desk.load(file_of([row, stray], "2020-02-01", holds=["names", "source_id"], states_presence=False))
    assert (taken.status, taken.added, taken.removed) == ("loaded", 0, 0)
    assert desk.names("2020-03-01") == ["Alpha Works", "Beta"]
    assert desk.names("2020-01-15") == ["Alpha Works", "Beta"]
    assert desk.ledger.named("Alef Works") == [desk.ids()["Alpha Works"]]
    found = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-03-01"))
    assert found is not None
    assert {n.text for n in found.entry.names} == {"Alpha Works", "Alef Works"}
    earlier = desk.ledger.listing(desk.ids()["Alpha Works"], as_of("2020-01-15"))
    assert earlier is not None
    assert {n.text for n in earlier.entry.names} == {"Alpha Works"}, "not known before the alias file"
    later = desk.load(file_of([party("Stray", "99"), party("Alpha Works", "1")], "2020-04-01"))
    assert later[0].added == 1
    assert desk.ledger.named("Nobody Knows") == [desk.ids()["Stray"]], "the alias finds its owner when it comes"


def test_two_files_of_one_moment_are_counted_against_each_other(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    full = [party(f"Party {n}", str(n), addresses=[{"text": f"{n} Long Road"}]) for n in range(9)]
    desk.load(file_of(full, "2020-01-01"))
    bare = [party(f"Party {n}", str(n)) for n in range(9)]
    (same,) = desk.load(file_of(bare, "2020-01-01", holds=["kind", "names", "source_id"]))
    assert (same.added, same.amended, same.removed) == (0, 0, 0), "silent on addresses, else the same"
    other = [*bare[1:8], party("Party 8 Limited", "8"), party("Newcomer", "10")]
    (differs,) = desk.load(file_of(other, "2020-01-01", holds=["kind", "names", "source_id"]))
    assert (differs.added, differs.amended, differs.removed) == (1, 1, 1)


def test_a_date_still_to_come_is_told(desk: Desk) -> None:
    (taken,) = desk.load(file_of(rows(100), "2031-01-01"))
    assert taken.status == "loaded"
    assert "still to come" in taken.notes[0] and "--published" in taken.notes[0]
    assert desk.ledger.coverage(as_of("2026-11-28"))[0].snapshot.published == Moment("2020-01-01")


def test_a_folder_of_all_sorts_of_files(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    examples = Path(__file__).parent.parent / "examples" / "ofac"
    good = (examples / "sdn.csv").read_bytes()
    (tmp_path / "sdn_2020-01-01.csv.gz").write_bytes(gzip.compress(good))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(good)[:-20])
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam,\n", "utf-8")
    (tmp_path / "empty.csv").touch()
    (tmp_path / ".hidden").write_bytes(good)
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    reports = {r.file: r for r in new_desk().take(documents_at(tmp_path))}
    assert {name: r.status for name, r in reports.items()} == {
        "sdn_2020-01-01.csv": "loaded", "cut.csv.gz": "refused", "letter.txt": "refused", "empty.csv": "refused",
    }  # fmt: skip
    (alone,) = new_desk().take(documents_at(tmp_path / "cut.csv.gz"))
    assert alone.status == "refused" and "broken gzip" in (alone.why or "")


@pytest.mark.parametrize("path", ["absent", "a" * 300, "a/" * 3000, "\x00"])
def test_a_path_that_leads_nowhere_is_one_line(path: str) -> None:
    with pytest.raises(InputError, match=r"no such file|cannot be opened") as caught:
        documents_at(Path(path))
    assert len(str(caught.value)) < 7000


# --- with the real lists ---


@pytest.mark.slow
def test_the_truncated_list_of_november_2023_is_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    for report in desk.take(open_path(shared("data", "trade-csl", "consolidated_2022-04-21.csv.gz"))):
        assert report.status == "loaded"
    before = desk.digest()
    why = refused(desk.take(open_path(shared("data", "trade-csl", "csl_2023-11_PARTIAL_truncated.csv.gz"))))
    assert "header" in why or "line" in why
    assert desk.digest() == before
    assert len(desk.ledger.in_force("us.bis.entity_list", as_of("2023-12-01"))) == 2001


@pytest.mark.slow
def test_the_lawful_shrink_of_december_2021(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    for name in ("sdn_2021-11-23.csv.gz", "sdn_2021-12-02_0142.csv.gz", "sdn_2021-12-02_1850.csv.gz"):
        reports = desk.take(open_path(shared("data", "ofac-sdn", name)))
    assert (reports[0].added, reports[0].removed) == (35, 0)
    found = desk.ledger.changes(Moment("2021-11-23"), Moment.parse("2021-12-02T01:42"), "us.ofac.sdn")
    counts = {kind: sum(c.kind == kind for c in found) for kind in ("added", "amended", "removed")}
    assert (counts["added"], counts["removed"]) == (5, 112)
    assert counts["amended"] == _rows_that_differ("sdn_2021-11-23.csv.gz", "sdn_2021-12-02_0142.csv.gz")
    assert all(c.fields for c in found if c.kind == "amended")
    assert len(desk.names("2021-12-02", "2021-12-02T01:42", "us.ofac.sdn")) == 9000
    assert len(desk.names("2021-12-02", None, "us.ofac.sdn")) == 9035


def _rows_that_differ(one: str, other: str) -> int:
    import csv

    def read(name: str) -> dict[str, list[str]]:
        text = gzip.decompress(shared("data", "ofac-sdn", name).read_bytes()).decode("utf-8", "replace")
        return {row[0]: row for row in csv.reader(text.splitlines()) if len(row) == 12}

    first, second = read(one), read(other)
    return sum(first[uid] != second[uid] for uid in first.keys() & second.keys())
