"""Packed files: gzip in zip, zip in gzip, files beside each other in a zip, and what is refused."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from caveat.errors import InputError, ShapeError
from caveat.sources import open_path, read, recognize, unpack

EXAMPLES = Path(__file__).parent.parent / "examples" / "ofac"


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_what_is_packed_in_what_is_unpacked() -> None:
    data = (EXAMPLES / "sdn.csv").read_bytes()
    for packed in (
        zipped({"data/sdn.csv": data}),
        zipped({"sdn.csv.gz": gzip.compress(data)}),
        gzip.compress(zipped({"sdn.csv": data})),
        zipped({"inner.zip": zipped({"sdn.csv": data})}),
    ):
        (document,) = unpack("x.zip", packed)
        assert (document.name, document.data) == ("sdn.csv", data)


def test_companions_are_found_within_a_zip() -> None:
    names = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
    documents = list(unpack("sdall.zip", zipped({name: (EXAMPLES / name).read_bytes() for name in names})))
    reading = read(documents[0], recognize(documents[0]))
    beside = next(open_path(EXAMPLES / "sdn.csv"))
    assert reading.lists == read(beside, recognize(beside)).lists
    assert set(reading.used) == set(names[1:])


def test_an_xlsx_is_not_taken_apart() -> None:
    path = EXAMPLES.parent / "tables" / "state_debarred_workbook.xlsx"
    (document,) = open_path(path)
    assert document.data == path.read_bytes()


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x"))))), "packed too deep"),
        (zipped({f"{n}.csv": b"" for n in range(1001)}), "unpacks to too much"),
        (zipped({f"{n}.gz": gzip.compress(bytes(400 * 2**20)) for n in range(2)}), "more than 512 MiB"),
        (gzip.compress(b"x" * 1000)[:-9], "broken gzip"),
        (zipped({"a.csv": b"1,2"})[:-30], "broken zip"),
    ],
    ids=["deep", "many", "bomb", "cut gzip", "cut zip"],
)
def test_what_cannot_be_unpacked_is_refused(packed: bytes, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        list(unpack("x", packed))


def test_a_name_that_is_no_text_is_told_as_one(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sdn_\xff.csv"))
    try:
        path.write_bytes((EXAMPLES / "sdn.csv").read_bytes())
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    (document,) = open_path(path)
    assert document.name.encode() == "sdn_\ufffd.csv".encode()


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(open_path(tmp_path))
    with pytest.raises(InputError, match="cannot be read"):
        list(open_path(tmp_path / ("a" * 300)))


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    data = (EXAMPLES / "sdn.csv").read_bytes()
    writer = threading.Thread(target=lambda: pipe.write_bytes(data))
    writer.start()
    (document,) = open_path(pipe)
    writer.join()
    assert document.data == data
