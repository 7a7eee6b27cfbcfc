"""OFAC's delimited and fixed-width lists (sdn, cons_prim with alt, add, comments); all OFAC layouts.

Source: the data specifications dat_spec.txt and cons_dat_spec.txt that OFAC publishes with the files.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from caveat.errors import ShapeError
from caveat.model import Kind, Quality
from caveat.sources import ofac_advanced, ofac_text, ofac_xml
from caveat.sources.document import Document
from caveat.sources.ofac_draft import CMIC, CONSOLIDATED, SDN, Draft, Unread, is_sdn_content, is_sdn_name, sort_out
from caveat.sources.reading import Layout, Reading, Row
from caveat.sources.text import decode, rows

#: The primary files cut remarks at this many characters; the rest stands in the comments file.
REMARKS_WIDTH = 1000
_DELIMITERS = {"csv": ",", "del": "@", "pip": "|"}
#: Columns of each file, by role, with the widths of the fixed-field form.
_WIDTHS = {
    "primary": (10, 350, 12, 50, 200, 8, 25, 14, 8, 40, 150, 1000),
    "alt": (10, 10, 8, 350, 200),
    "add": (10, 10, 750, 116, 250, 200),
    "comments": (10, None),
}  # fmt: skip
_KINDS: Mapping[str, Kind] = {
    "": "organization", "entity": "organization", "individual": "person", "vessel": "vessel", "aircraft": "aircraft",
}  # fmt: skip
_QUALITIES: Mapping[str, Quality] = {"aka": "strong", "nka": "strong", "fka": "former"}
_VESSEL = {5: "call_sign", 6: "vessel_type", 7: "tonnage", 8: "grt", 9: "vessel_flag", 10: "vessel_owner"}
_ALWAYS = frozenset({
    "kind", "source_id", "identifiers", "nationalities", "birth_dates", "birth_places", "genders", "title",
    "programs", "remarks", "details",
})  # fmt: skip
_DATED = frozenset({"published_on", "effective_on", "divest_by"})
_LONGEST_PLACE = 200
_PLACE = re.compile(
    r"(?P<city>.*?)(?:,? ?\b(?P<postal>(?:[A-Z]{1,3}-)?(?:[A-Z0-9]*\d[A-Z0-9-]*)(?: [A-Z0-9]*\d[A-Z0-9]*)?))?"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """How one file is written: csv, del, pip or ff; of which role; of which of the two lists."""

    ext: str
    role: str
    is_sdn: bool


@lru_cache(maxsize=2)
def _recognize(document: Document) -> _Form | None:
    text = document.head.decode("utf-8", "replace").replace("\x00", "").lstrip("\ufeff")
    lines = [line for line in text.splitlines()[:400] if line.strip(" \x1a\r\n")]
    if len(document.data) > len(document.head):
        lines = lines[:-1] or lines
    if not lines:
        return None
    if re.match(r"\W*ent_num\W", lines[0], re.I) and len(lines) > 1:
        lines = lines[1:]
    found = _fixed(lines[0], document.name) or _delimited(lines[0], document.name)
    if found is None:
        return None
    ext, role = found
    says = is_sdn_name(document.name)
    if role == "primary":
        says = is_sdn_content(lines, says)
    return None if says is None and role == "comments" else _Form(ext, role, says is not False)


def _fixed(line: str, name: str) -> tuple[str, str] | None:
    if not line[:1].isspace() or not _is_number(line[:10]):
        return None
    for role, widths in _WIDTHS.items():
        if None not in widths and len(line) == sum(w or 0 for w in widths) and "-0-" in line:
            return "ff", role
    return ("ff", "comments") if "comments" in name.casefold() and line[10:11] not in _DELIMITERS.values() else None


def _delimited(line: str, name: str) -> tuple[str, str] | None:
    for ext, mark in _DELIMITERS.items():
        try:
            cells = [_clean(c) for c in next(csv.reader([line], delimiter=mark))]
        except csv.Error:
            continue
        numbers = [_is_number(c) for c in cells[:2]]
        if len(cells) == 12 and numbers[0] and "-0-" in line:
            return ext, "primary"
        if len(cells) == 5 and all(numbers) and cells[2].casefold() in _QUALITIES:
            return ext, "alt"
        if len(cells) == 6 and all(numbers) and "-0-" in line:
            return ext, "add"
        if len(cells) == 2 and numbers[0] and "comments" in name.casefold():
            return ext, "comments"
    return None


def _is_number(cell: str) -> bool:
    cell = cell.strip()
    return cell.isascii() and cell.isdigit() and len(cell) <= 12


def _cells(document: Document, ext: str, role: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a file, whole, each row led by its number; ShapeError where a row is of another shape."""
    where = document.name
    text, _ = decode(document.data, where)
    body, _, after = text.partition("\x1a")
    if after.strip("\x1a \r\n"):
        line = body.count("\n") + 1
        raise ShapeError(f"line {line}: text after the end mark", where=where, do="fetch the file again")
    if not body.strip():
        raise ShapeError("is empty", where=where, do="fetch the file again")
    split = _fixed_rows(body, where, role) if ext == "ff" else rows(body, where, delimiter=_DELIMITERS[ext])
    count = len(_WIDTHS[role])
    for line, cells in split:
        if line == 1 and cells[0].strip().casefold() == "ent_num":
            continue
        if len(cells) != count:
            what = f"line {line} has {len(cells)} columns where {count} were expected"
            raise ShapeError(what, where=where, do="the file is cut or of another layout: fetch it again")
        if not _is_number(cells[0]):
            what = f"line {line} does not begin with a number but with {cells[0][:40]!r}"
            raise ShapeError(what, where=where, do="the file is cut or of another layout: fetch it again")
        yield line, [str(int(cells[0].strip())), *cells[1:]]


def _fixed_rows(text: str, where: str, role: str) -> Iterator[tuple[int, list[str]]]:
    widths = _WIDTHS[role]
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        if not line.strip():
            continue
        cells, at = [], 0
        for width in widths:
            cells.append(line[at : at + width] if width else line[at:])
            at += width or 0
        if None not in widths and len(line) != at:
            what = f"line {number} is {len(line)} characters wide where {at} were expected"
            raise ShapeError(what, where=where, do="the file is cut or of another layout: fetch it again")
        yield number, cells


def _clean(cell: str) -> str:
    """A cell's text; blank for the null mark (also where a copy was cut within it)."""
    cell = cell.strip()
    return "" if cell in ("-0-", "-0") else cell


def _companion(document: Document, form: _Form, role: str) -> Document | None:
    """The neighboring file of `role` with the same prefix, suffix (date) and extension, packed or not."""
    stem = "sdn" if form.is_sdn else "cons_prim"
    before, found, after = document.name.casefold().rpartition(stem)
    if not found:
        return None
    other = f"cons_{role}" if not form.is_sdn else "sdn_comments" if role == "comments" else role
    for name in document.beside:
        if name.casefold().removesuffix(".gz") == before + other + after:
            return document.neighbor(name)
    return None


def _split_place(text: str) -> tuple[str, str, str]:
    """City, region and postal code of OFAC's one column for the three; the printed order is kept."""
    found = _PLACE.fullmatch(text) if len(text) < _LONGEST_PLACE else None
    postal = found["postal"] or "" if found else ""
    place = (found["city"] if found and postal else text).strip(" ,")
    city, _, region = place.partition(", ")
    return city, region, postal


def _take_alias(draft: Draft, cells: list[str], unread: Unread) -> None:
    kind = _clean(cells[2]).casefold()
    draft.add_name(_clean(cells[3]), _QUALITIES.get(kind, "strong"))
    if kind not in _QUALITIES:
        unread.add(f"alt_type {kind[:20]}")
    if note := _clean(cells[4]):
        draft.details.append(("alias_remark", note))


def _take_address(draft: Draft, cells: list[str]) -> None:
    street, place, country = (_clean(c) for c in cells[2:5])
    city, region, postal = _split_place(place)
    draft.add_address([street], city, region, postal, country, place=place)
    if note := _clean(cells[5]):
        draft.details.append(("address_remark", note))


def _take_primary(cells: list[str], unread: Unread) -> Draft:
    values = [_clean(c) for c in cells]
    draft = Draft(values[0], kind=_KINDS.get(values[2].casefold(), "unknown"), title=values[4] or None)
    if draft.kind == "unknown":
        unread.add(f"SDN_Type {values[2][:20]}")
    draft.add_name(values[1], "primary")
    draft.programs = re.split(r"\]\s*\[", values[3].strip("[]")) if values[3] else []
    draft.details += [
        (name, values[i].replace(",", "") if i in (7, 8) else values[i]) for i, name in _VESSEL.items() if values[i]
    ]
    return draft


def _read_primary(document: Document, form: _Form) -> Reading:
    unread, notes = Unread(), list[str]()
    drafts: dict[str, tuple[int, Draft, str]] = {}
    seen: dict[str, list[str]] = {}
    for line, cells in _cells(document, form.ext, "primary"):
        draft = _take_primary(cells, unread)
        key = draft.source_id or ""
        if key in seen:
            if seen[key] != cells:
                what = f"line {line} gives number {key} to another party a second time"
                raise ShapeError(what, where=document.name, do="fetch the file again")
            notes.append(f"line {line} repeats number {key}: read once")
            continue
        if not draft.names:
            raise ShapeError(f"line {line} names no party", where=document.name, do="fetch the file again")
        seen[key] = cells
        drafts[key] = (line, draft, cells[11])
    rest, used = dict[str, str](), list[str]()
    holds = set(_ALWAYS)
    for role in ("alt", "add", "comments"):
        if (companion := _companion(document, form, role)) is None:
            continue
        used.append(companion.name)
        holds |= {"alt": {"names"}, "add": {"addresses"}}.get(role, set())
        strays = 0
        for _, cells in _cells(companion, form.ext, role):
            found = drafts.get(cells[0])
            if found is None:
                strays += 1
            elif role == "alt":
                _take_alias(found[1], cells, unread)
            elif role == "add":
                _take_address(found[1], cells)
            else:
                rest[cells[0]] = rest.get(cells[0], "") + cells[1].rstrip()
        if strays:
            notes.append(f"{companion.name}: {strays} rows belong to no party of {document.name}: not read")
    cut = sum(_take_remarks(draft, remarks, rest.get(key, ""), unread) for key, (_, draft, remarks) in drafts.items())
    if cut:
        notes.append(
            f"{cut} remarks are cut at {REMARKS_WIDTH} characters: the comments file that ends them is missing"
        )
    lists = sort_out(((draft, f"row {line}") for line, draft, _ in drafts.values()), form.is_sdn)
    if CMIC in lists:
        holds |= _DATED
    return Reading(lists, holds=frozenset(holds), unread=unread.labels, notes=tuple(notes), used=tuple(used))


def _take_remarks(draft: Draft, remarks: str, rest: str, unread: Unread) -> bool:
    """Read the remarks and what the comments file adds; True where they are cut and nothing ends them."""
    remarks = remarks + rest if rest else _clean(remarks)
    if not remarks.strip():
        return False
    draft.remarks = remarks.strip()
    cut = not rest and len(remarks) >= REMARKS_WIDTH - 1 and not remarks.endswith(".")
    draft.take_remarks(remarks, unread, cut=cut)
    return cut


def _read_alone(document: Document, form: _Form) -> Reading:
    """A companion without its primary file: aliases, addresses or remarks by number, no parties."""
    unread = Unread()
    drafts: dict[str, tuple[int, Draft]] = {}
    for line, cells in _cells(document, form.ext, form.role):
        key = cells[0]
        _, draft = drafts.setdefault(key, (line, Draft(key, kind="unknown")))
        if form.role == "alt":
            _take_alias(draft, cells, unread)
        elif form.role == "add":
            _take_address(draft, cells)
        else:
            draft.remarks = (draft.remarks or "") + _clean(cells[1])
    for _, draft in drafts.values():
        if draft.remarks:
            _, _, whole = draft.remarks.partition("; ")  # the first clause began in the primary file
            draft.take_remarks(whole, unread)
    # a comments file holds the ends of some remarks: of no field is that the whole
    held = {"alt": {"names"}, "add": {"addresses"}}.get(form.role, set())
    note = f"{document.name} was read without the file that lists the parties: it adds to known entries only"
    # the numbers of a non-SDN companion do not tell which of the two lists a party is on: it is said of both
    names = (SDN,) if form.is_sdn else (CMIC, CONSOLIDATED)
    lists = {name: tuple(Row(draft.to_entry(name), f"row {line}") for line, draft in drafts.values()) for name in names}
    return Reading(
        lists, holds=frozenset(held | {"source_id"}), states_presence=False, unread=unread.labels, notes=(note,)
    )


def _read(is_sdn: bool, primary: bool, document: Document) -> Reading:
    form = _recognize(document)
    if form is None or (form.role == "primary") is not primary:
        raise ShapeError("is no OFAC list of this layout", where=document.name, do="name its layout, or fetch it again")
    form = replace(form, is_sdn=is_sdn)
    return _read_primary(document, form) if primary else _read_alone(document, form)


def _is(ext: str, is_sdn: bool, primary: bool) -> Callable[[Document], bool]:
    def recognizes(document: Document) -> bool:
        form = _recognize(document)
        return form is not None and (form.ext, form.is_sdn, form.role == "primary") == (ext, is_sdn, primary)

    return recognizes


def _layout(ext: str, is_sdn: bool, primary: bool) -> Layout:
    name = ("sdn" if is_sdn else "cons") + ("" if primary else "_companion")
    lists = (SDN,) if is_sdn else (CMIC, CONSOLIDATED)
    reader = partial(_read, is_sdn, primary)
    return Layout(f"ofac.{name}_{ext}", lists, _is(ext, is_sdn, primary), reader, has_companions=primary)


#: Every layout in which OFAC gives its lists out, each recognizing its own documents only.
LAYOUTS: tuple[Layout, ...] = (
    *(
        _layout(ext, is_sdn, primary)
        for primary in (True, False)
        for is_sdn in (True, False)
        for ext in ("csv", "del", "pip", "ff")
    ),
    *ofac_xml.LAYOUTS,
    *ofac_advanced.LAYOUTS,
    *ofac_text.LAYOUTS,
)
