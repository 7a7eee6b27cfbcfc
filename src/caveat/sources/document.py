"""A publisher's file in hand: its name, its bytes (unpacked within bounds) and what lies beside it."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from caveat.errors import InputError, ShapeError

#: No official list comes near this; a compressed file that grows past it is a bomb.
MAX_BYTES = 512 * 2**20
_HEAD = 64 * 2**10


@dataclass(frozen=True, eq=False)
class Document:
    """One file. `name` without `.gz`; `data` unpacked; `packed_sha256` of the bytes as given.

    `beside` maps the names of the files in the same folder to their paths, for layouts that
    span several files (OFAC's alt, add and comments).
    """

    name: str
    data: bytes
    packed_sha256: str
    beside: Mapping[str, Path] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        """The first 64 KiB, enough to recognize a layout."""
        return self.data[:_HEAD]

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the unpacked bytes: the snapshot's name."""
        return hashlib.sha256(self.data).hexdigest()

    def neighbor(self, name: str) -> Document | None:
        """The file called `name` in the same folder, unpacked, or None."""
        path = self.beside.get(name)
        return next(iter(open_path(path)), None) if path else None


def open_path(path: Path) -> Iterator[Document]:
    """The documents in a file: itself, or the members of a zip. Gzip is unpacked."""
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=str(path), do="check the path and its rights"
        ) from None
    beside = {p.name: p for p in path.parent.iterdir() if p.is_file() and p != path}
    yield from unpack(path.name, packed, beside)


def unpack(name: str, packed: bytes, beside: Mapping[str, Path] | None = None) -> Iterator[Document]:
    """The documents in `packed`, each at most `MAX_BYTES` unpacked; ShapeError where broken."""
    sha = hashlib.sha256(packed).hexdigest()
    if packed[:2] == b"\x1f\x8b":
        data = _gunzip(name, packed)
        yield Document(name.removesuffix(".gz"), data, sha, beside or {})
    elif packed[:4] == b"PK\x03\x04" and not _is_workbook(packed):
        yield from _unzip(name, packed, sha, beside or {})
    else:
        yield Document(name, packed, sha, beside or {})


def _gunzip(name: str, packed: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ShapeError(f"broken gzip ({error})", where=name, do="fetch the file again") from None
    if len(data) > MAX_BYTES:
        raise ShapeError("unpacks to more than 512 MiB", where=name, do="this is no official list")
    return data


def _unzip(name: str, packed: bytes, sha: str, beside: Mapping[str, Path]) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if sum(m.file_size for m in members) > MAX_BYTES or len(members) > 1000:
                raise ShapeError("unpacks to too much", where=name, do="this is no official list")
            for member in members:
                with archive.open(member) as stream:
                    data = stream.read(MAX_BYTES + 1)
                if len(data) > MAX_BYTES:
                    raise ShapeError("unpacks to more than 512 MiB", where=name)
                yield Document(Path(member.filename).name, data, sha, beside)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as e:
        raise ShapeError(f"broken zip ({e})", where=name, do="fetch the file again") from None


def _is_workbook(packed: bytes) -> bool:
    """XLSX and ODS are zips to be read whole, not unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = set(archive.namelist())
            if not {"[Content_Types].xml", "content.xml"} & names:
                return False
            if sum(m.file_size for m in archive.infolist()) > MAX_BYTES:
                raise ShapeError("workbook unpacks to more than 512 MiB", do="this is no official list")
            return True
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError):
        return False
