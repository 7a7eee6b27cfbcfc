"""The registry: what is recognized, what is said when nothing is, and dates in names."""

from __future__ import annotations

from pathlib import Path

import pytest

from caveat.errors import GuardError, InputError, ShapeError
from caveat.model import Entry, Name
from caveat.sources import (
    Document,
    Layout,
    Reading,
    Row,
    date_in_name,
    layout_of,
    load_catalog,
    open_path,
    read,
    recognize,
    registry,
)


def document(data: bytes, name: str = "file.dat") -> Document:
    return Document(name, data, "")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \n\n", "an empty file"),
        (b"<!DOCTYPE html><html><head><title> Request\n blocked </title>", 'an HTML page titled "Request blocked"'),
        (b"<HTML><body>x", "an HTML page"),
        (b"<?xml version='1.0'?><feed><a/></feed>", "XML with root <feed>"),
        (b"%PDF-1.7 \x00\x01", "a PDF"),
        (bytes(range(256)) * 20, "binary"),
        (b'{"zebra": 1, "yak": 2}', "JSON with keys zebra, yak"),
        (b'[{"zebra": 1}, {"zebra": 2}]', "JSON of 2 records with keys zebra"),
        (b'[{"zebra": 1}, {"zeb', "broken or cut, with keys zebra"),
        (b"[" * 100_000, "broken or cut"),
        (b"zebra,yak,gnu\n1,2,3\n", "CSV with columns zebra, yak, gnu"),
        (b"zebra\tyak\n1\t2\n", "tab-separated text with columns zebra, yak"),
        (b"Dear sir or madam\n", 'text that begins "Dear sir or madam"'),
    ],
)
def test_an_unknown_file_is_told_in_words(data: bytes, says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        recognize(document(data))
    assert says in str(caught.value)
    assert "--mapping" in str(caught.value)
    assert "file.dat" in str(caught.value)


def test_every_layout_speaks_for_lists_of_the_catalog() -> None:
    found = list(registry.layouts())
    assert len({layout.id for layout in found}) == len(found)
    catalog = load_catalog()
    for layout in found:
        assert layout.lists, layout.id
        assert [name for name in layout.lists if name not in catalog] == [], layout.id


def test_the_first_layout_in_order_wins_and_a_named_list_narrows(monkeypatch: pytest.MonkeyPatch) -> None:
    def layout(layout_id: str, list_id: str) -> Layout:
        return Layout(layout_id, (list_id,), lambda d: d.data == b"x", lambda d: Reading({}))

    monkeypatch.setattr(registry, "layouts", lambda: iter([layout("a.one", "l.one"), layout("a.two", "l.two")]))
    assert recognize(document(b"x")).id == "a.one"
    assert recognize(document(b"x"), "l.two").id == "a.two"
    with pytest.raises(ShapeError, match=r"a\.one.*l\.one.*l\.three"):
        recognize(document(b"x"), "l.three")
    assert layout_of("a.two").id == "a.two"
    with pytest.raises(InputError, match=r"a\.one, a\.two"):
        layout_of("a.three")


def _reads(error: BaseException | None, reading: Reading | None = None) -> Layout:
    def run(_: Document) -> Reading:
        if error:
            raise error
        assert reading is not None
        return reading

    return Layout("x.y", ("l",), lambda d: True, run)


@pytest.mark.parametrize("error", [KeyError("a"), ValueError("b"), RecursionError(), IndexError("c"), MemoryError()])
def test_no_reader_shows_a_traceback(error: Exception) -> None:
    with pytest.raises(ShapeError, match=r"file\.dat: cannot be read as x\.y"):
        read(document(b"x"), _reads(error))


def test_an_error_that_explains_itself_passes_as_it_is() -> None:
    with pytest.raises(GuardError, match="shrank"):
        read(document(b"x"), _reads(GuardError("shrank")))


def test_a_file_without_an_entry_is_refused() -> None:
    with pytest.raises(ShapeError, match="holds no entry"):
        read(document(b"x"), _reads(None, Reading({"l": ()})))
    full = Reading({"l": (Row(Entry("l", names=(Name("A", "primary"),)), "row 1"),)})
    assert read(document(b"x"), _reads(None, full)) is full


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("sdn_2021-12-02_0142.csv", "2021-12-02T01:42:00"),
        ("sdn_2021-12-02T01:42:07Z.csv", "2021-12-02T01:42:07"),
        ("sdn_2021-12-02.csv.gz", "2021-12-02"),
        ("sdn-20211202.csv", "2021-12-02"),
        ("dpl_2019-06.txt", "2019-06-30"),
        ("a_2024-02.csv", "2024-02-29"),
        ("250912_list_russia.pdf.txt", None),
        ("dpl_04142026.csv", None),
        ("isn_2021.csv", None),
        ("summaries_2020-2026.tar", None),
        ("x_2021-13-02.csv", None),
        ("x_2021-02-30.csv", None),
        ("x_1234567890.csv", None),
        ("sdn.csv", None),
    ],
)
def test_dates_in_names(name: str, moment: str | None) -> None:
    found = date_in_name(name)
    assert (found.text if found else None) == moment


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff\\ud800", "\\u0000", "A\\\\\\u0000"])
def test_json_that_holds_no_text_is_refused(escape: str) -> None:
    examples = Path(__file__).parent.parent / "examples"
    for path in (examples / "tables" / "ofac_ns_cmic.json", examples / "trade_gov" / "csl.json"):
        document = next(open_path(path))
        layout = recognize(document)
        row = next(iter(read(document, layout).lists.values()))[0]
        name = row.entry.name.encode()
        hurt = Document(path.name, document.data.replace(name, name + escape.encode()), "")
        with pytest.raises(ShapeError, match=r"broken JSON|NUL characters"):
            read(hurt, layout)
        plain = Document(path.name, document.data.replace(name, name + rb"\\u0000 \u00fc"), "")
        assert read(plain, layout).lists


def test_a_row_that_names_nobody_is_refused() -> None:
    text = (Path(__file__).parent.parent / "examples" / "bis" / "supplement_4_gpotable.xml").read_text("utf-8")
    hurt = Document("s4.xml", text.replace("Borealis Lens Works LLC, ", "").encode(), "")
    with pytest.raises(ShapeError, match="names nobody"):
        read(hurt, recognize(hurt))
