"""Reading any file of edges: the layout is told from the content; gzip and a zip of one file are unpacked."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path

from caveat.errors import InputError, ShapeError
from caveat.graph.bods import read_bods
from caveat.graph.edge import EdgeReading
from caveat.graph.ftm import read_ftm
from caveat.graph.gleif import read_gleif_csv, read_gleif_json, read_gleif_names, read_gleif_xml
from caveat.graph.press import read_relations
from caveat.graph.psc import read_psc, read_psc_table
from caveat.graph.table import read_table

MAX_BYTES = 2 * 2**30


def read_edges(given: Path | str | bytes, name: str | None = None) -> EdgeReading:
    """Edges and parties of a file (a path) or of its bytes (then `name` names it in complaints).

    Layouts: plain CSV (`caveat.graph.table`), BODS 0.2 to 0.4, FollowTheMoney lines, GLEIF level 2 (XML, CSV,
    JSON) and level 1 for names, Companies House people with significant control (JSON, or flattened to CSV),
    the relations of an article as `caveat read` tells them.
    InputError where the path cannot be read, ShapeError where the file is of no known layout or broken beyond
    reading; everything less is a complaint in the answer.
    """
    if isinstance(given, bytes):
        packed, name = given, name or "edges"
    else:
        path = Path(given)
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=str(path), do="check the path") from None
        name = name or path.name
    data = _unpack(packed, name)
    sha256 = hashlib.sha256(data).hexdigest()
    head = data[:65536].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise ShapeError("is empty", where=name, do="give a file of edges")
    if head[:1] == b"<":
        if b"RelationshipRecord" in data[: 2**20] or b"LEIRecord" in data[: 2**20] or b"LEIData" in head:
            return read_gleif_xml(data, name, sha256)
        raise ShapeError("is XML, but not of GLEIF", where=name, do="give GLEIF's RR-CDF or LEI-CDF")
    if head[:1] in b"[{":
        return _read_json(head, data, name, sha256)
    first = head.split(b"\n", 1)[0]
    if b"Relationship.StartNode.NodeID" in first:
        return read_gleif_csv(data, name, sha256)
    if b"Entity.LegalName" in first:
        return read_gleif_names(data, name, sha256)
    if b"nature_of_control" in first.lower() or b"natures_of_control" in first.lower():
        return read_psc_table(data, name, sha256)
    return read_table(data, name, sha256)


def _read_json(head: bytes, data: bytes, name: str, sha256: str) -> EdgeReading:
    if any(word in head for word in (b'"recordType"', b'"statementType"', b'"statementId"')):
        return read_bods(data, name, sha256)
    if b'"schema"' in head or b'"op"' in head:
        return read_ftm(data, name, sha256)
    if b'"RelationshipRecord"' in head:
        return read_gleif_json(data, name, sha256)
    if b'"company_number"' in head or b'"natures_of_control"' in head:
        return read_psc(data, name, sha256)
    if b'"relations"' in data and b'"events"' in data:
        return read_relations(data, name, sha256)
    if head.strip() in (b"[]", b"{}"):
        return EdgeReading(name, "json", sha256, (), ())
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        raise ShapeError("is broken JSON or of no known layout", where=name, do="fetch it again") from None
    raise ShapeError("is JSON of no known layout", where=name, do="give BODS, FollowTheMoney or PSC lines")


def _unpack(packed: bytes, name: str) -> bytes:
    try:
        if packed[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
                data = stream.read(MAX_BYTES + 1)
        elif packed[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                members = [m for m in archive.infolist() if not m.is_dir()]
                if len(members) != 1:
                    raise ShapeError(f"holds {len(members)} files", where=name, do="give them one by one")
                with archive.open(members[0]) as stream:
                    data = stream.read(MAX_BYTES + 1)
        else:
            data = packed
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise ShapeError(f"cannot be unpacked ({error})", where=name, do="fetch the file again") from None
    if len(data) > MAX_BYTES:
        raise ShapeError("unpacks to more than 2 GiB", where=name, do="split it")
    return data
