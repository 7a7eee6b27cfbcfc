"""A publisher's file in hand: its name, its bytes (unpacked within bounds) and what lies beside it."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from caveat.errors import InputError, ShapeError

#: No official list comes near this; a compressed file that grows past it is a bomb.
MAX_BYTES = 512 * 2**20
_HEAD = 64 * 2**10
#: A zip may hold gzip files, and a gzip file a zip; nobody packs deeper.
_DEEPEST = 3
_MOST_MEMBERS = 1000
#: What reading a broken zip may raise; RuntimeError for a password, and for a compression unknown here.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, OverflowError)


@dataclass(frozen=True, eq=False)
class Member:
    """A file within an open zip, not yet unpacked."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo


@dataclass(frozen=True, eq=False)
class Document:
    """One file. `name` without `.gz`; `data` unpacked; `packed_sha256` of the bytes as given.

    `beside` maps the names of the files in the same folder or zip to where they are, for layouts
    that span several files (OFAC's alt, add and comments).
    """

    name: str
    data: bytes
    packed_sha256: str
    beside: Mapping[str, Path | Member] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        """The first 64 KiB, enough to recognize a layout."""
        return self.data[:_HEAD]

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the unpacked bytes: the snapshot's name."""
        return hashlib.sha256(self.data).hexdigest()

    def neighbor(self, name: str) -> Document | None:
        """The file called `name` in the same folder or zip, unpacked, or None."""
        found = self.beside.get(name)
        if found is None:
            return None
        if isinstance(found, Member):
            return next(unpack(name, _read_member(found, name, _Budget())), None)
        return next(open_path(found), None)


@dataclass
class _Budget:
    """How many bytes may still be unpacked, all parts of one file together."""

    left: int = MAX_BYTES

    def spend(self, data: bytes, name: str) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise ShapeError("unpacks to more than 512 MiB", where=name, do="this is no official list")
        return data


def open_path(path: Path) -> Iterator[Document]:
    """The documents in a file: itself, or the members of a zip. Gzip is unpacked."""
    where = os.fsencode(path).decode("utf-8", "replace")
    try:
        packed = path.read_bytes()
        beside = {p.name: p for p in path.parent.iterdir() if p.is_file() and p != path} if path.is_file() else {}
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=where, do="check the path and its rights"
        ) from None
    yield from unpack(_last(where), packed, beside)


def unpack(name: str, packed: bytes, beside: Mapping[str, Path | Member] | None = None) -> Iterator[Document]:
    """The documents in `packed`, at most `MAX_BYTES` unpacked; ShapeError where broken."""
    return _unpack(name, packed, hashlib.sha256(packed).hexdigest(), beside or {}, _Budget(), 0)


def _unpack(
    name: str, packed: bytes, sha: str, beside: Mapping[str, Path | Member], budget: _Budget, depth: int
) -> Iterator[Document]:
    if depth > _DEEPEST:
        raise ShapeError("is packed too deep", where=name, do="unpack it first")
    if packed[:2] == b"\x1f\x8b":
        data = budget.spend(_gunzip(name, packed, budget.left), name)
        yield from _unpack(name.removesuffix(".gz"), data, sha, beside, budget, depth + 1)
    elif packed[:4] == b"PK\x03\x04" and not _is_workbook(name, packed):
        yield from _unzip(name, packed, sha, budget, depth)
    else:
        yield Document(name, packed, sha, beside)


def _gunzip(name: str, packed: bytes, most: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            return stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ShapeError(f"broken gzip ({error})", where=name, do="fetch the file again") from None


def _unzip(name: str, packed: bytes, sha: str, budget: _Budget, depth: int) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))  # left open: the members may ask for each other later
    except BROKEN_ZIP as error:
        raise ShapeError(f"broken zip ({error})", where=name, do="fetch the file again") from None
    members = [m for m in archive.infolist() if not m.is_dir()]
    if sum(m.file_size for m in members) > MAX_BYTES or len(members) > _MOST_MEMBERS:
        raise ShapeError("unpacks to too much", where=name, do="this is no official list")
    if not members:
        raise ShapeError("holds no file", where=name, do="fetch the file again")
    inside: dict[str, Path | Member] = {_last(m.filename): Member(archive, m) for m in members}
    for member in members:
        data = _read_member(Member(archive, member), name, budget)
        yield from _unpack(_last(member.filename), data, sha, inside, budget, depth + 1)


def _read_member(member: Member, where: str, budget: _Budget) -> bytes:
    try:
        with member.archive.open(member.info) as stream:
            data = stream.read(budget.left + 1)
    except BROKEN_ZIP as error:
        raise ShapeError(f"broken zip ({error})", where=where, do="fetch the file again") from None
    return budget.spend(data, where)


def _last(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1] or path


def _is_workbook(name: str, packed: bytes) -> bool:
    """XLSX and ODS are zips to be read whole, not unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = set(archive.namelist())
            size = sum(m.file_size for m in archive.infolist())
    except BROKEN_ZIP:
        return False
    if not {"[Content_Types].xml", "content.xml"} & names:
        return False
    if size > MAX_BYTES:
        raise ShapeError("workbook unpacks to more than 512 MiB", where=name, do="this is no official list")
    return True
