"""OFAC's sdnlist.txt: one paragraph a name, every alias with a paragraph of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.errors import ShapeError
from caveat.model import Kind, Quality
from caveat.sources.document import Document
from caveat.sources.ofac_draft import SDN, Draft, Unread, sort_out
from caveat.sources.ofac_remarks import split_clause
from caveat.sources.ofac_xml import XML_HOLDS
from caveat.sources.reading import Layout, Reading
from caveat.sources.text import country_code, decode

_KINDS: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_HOLDS = (XML_HOLDS | {"remarks"}) - {"source_id", "published_on", "effective_on", "divest_by"}
_TITLE = b"ALPHABETICAL LISTING OF SPECIALLY DESIGNATED NATIONALS"
_END = re.compile(
    r"\s*(?:\((?P<kind>individual|vessel|aircraft|entity)\)\s*)?(?P<programs>\[[^\[\]]+\](?:\s*\[[^\[\]]+\])*)"
    r"\s*(?P<ties>(?:\(Linked To:.*\))?)\.?$", re.S)  # fmt: skip
_OPENING = re.compile(r" \((?=[afn]\.k\.a\. )")
#: No real paragraph comes near this length.
_LONGEST = 50_000
_ALIAS = re.compile(r";\s+(?=[afn]\.k\.a\. )")
_COMPANY = re.compile(
    r"(?:S\.?A\.?(?:S\.?|R\.?L\.?)?|LTD\.?|LTDA\.?|INC\.?|LLC|L\.L\.C\.|CO\.?|CORP\.?|LIMITED|GMBH|B\.?V\.?|"
    r"S\.? ?DE R\.?L\.?.*|S\.? ?A\.? DE C\.?V\.?|C\.A\.|E\.U\.|Y CIA\..*|A\.?G\.?|PTE\.?.*|JR\.?|SR\.?|I+)"
)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """(line of its beginning, paragraph on one line), from the first one that ends as an entry does."""
    start, lines = 0, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            start = start if lines else number
            lines.append(line.strip())
        elif lines:
            yield start, re.sub(r"(?<=\w-) (?=\w)", "", " ".join(lines))
            lines = []


def _is_entry(paragraph: str) -> bool:
    return "[" in paragraph and not paragraph.startswith(("_", "~"))


def _split_name(body: str, is_person: bool) -> tuple[str, list[tuple[str, Quality]], str]:
    """Name, aliases and the rest (addresses and remarks) of a paragraph's body."""
    if found := _OPENING.search(body):
        depth, at = 1, found.end()
        while depth and at < len(body):
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            at += 1
        aliases = [_alias(a) for a in _ALIAS.split(body[found.end() : at - 1 if depth == 0 else at])]
        return body[: found.start()].strip(), aliases, body[at:].strip(" ,;")
    head, semicolon, tail = body.partition("; ")
    parts = head.split(", ")
    count = 2 if is_person and len(parts) > 1 else 1
    while count < len(parts) and _COMPANY.fullmatch(parts[count]):
        count += 1
    rest = ", ".join(parts[count:])
    return ", ".join(parts[:count]), [], "; ".join(t for t in (rest, tail if semicolon else "") if t)


def _alias(text: str) -> tuple[str, Quality]:
    kind, _, name = text.strip().partition(" ")
    if name.startswith('"'):
        return name.strip('"'), "weak"
    return name, "former" if kind.startswith("f") else "strong"


def _read(document: Document) -> Reading:
    where = document.name
    text, _ = decode(document.data, where)
    unread = Unread()
    groups: dict[tuple[str, ...], tuple[Draft, str]] = {}
    count, broken = 0, 0
    last = ""
    for line, paragraph in _paragraphs(text.replace("\r", "").replace("\x1a", "")):
        if not _is_entry(paragraph):
            broken += count > 0 and not paragraph.startswith(("_", "~"))
            last = paragraph
            continue
        found = _END.search(paragraph) if len(paragraph) < _LONGEST else None
        if found is None:
            raise ShapeError(
                f"line {line}: a paragraph that does not end as an entry", where=where, do="fetch it again"
            )
        count, last = count + 1, ""
        kind = _KINDS.get(found["kind"] or "", "organization")
        name, aliases, rest = _split_name(paragraph[: found.start()].strip(" ,;"), kind == "person")
        key = (*sorted({name, *(a for a, _ in aliases)}), rest, found["programs"])
        if key in groups:  # the paragraph of one of its aliases
            continue
        draft = Draft(None, kind=kind, programs=re.findall(r"\[([^\[\]]+)\]", found["programs"]))
        draft.add_name(name, "primary")
        for alias, quality in aliases:
            draft.add_name(alias, quality)
        _take_rest(draft, rest, unread)
        draft.take_remarks(found["ties"].replace(") (Linked To:", "; Linked To:"), unread)
        groups[key] = (draft, f"line {line}")
    if not groups:
        raise ShapeError("holds no entry", where=where, do="fetch the file again")
    if last and not last.startswith(("_", "~")):
        raise ShapeError(f"ends within an entry ({last[:40]!r})", where=where, do="the file is cut: fetch it again")
    notes = [f"{count} paragraphs are {len(groups)} parties; which of a party's names is the primary one is not said: "
             "the first in the alphabet is taken"]  # fmt: skip
    if broken:
        notes.append(f"{broken} paragraphs name no program: not read")
    return Reading(
        sort_out(groups.values(), is_sdn=True), holds=_HOLDS, unread=unread.labels, notes=tuple(notes),
    )  # fmt: skip


def _take_rest(draft: Draft, rest: str, unread: Unread) -> None:
    """Addresses come first, each ending in a country; what begins with a label or names none is a remark."""
    remarks: list[str] = []
    for clause in re.split(r";\s+", rest):
        pieces = clause.split(", ")
        country = next((c for n in (2, 1) if country_code(c := ", ".join(pieces[-n:])) or c == "undetermined"), "")
        if not remarks and country and not split_clause(clause, known_only=True):
            before = clause[: -len(country)].rstrip(", ")
            draft.add_address([], "", "", "", country, place=before)
        elif clause.strip():
            remarks.append(clause)
    draft.remarks = "; ".join(remarks) or None
    draft.take_remarks(draft.remarks or "", unread)


def _is(document: Document) -> bool:
    return _TITLE in document.head[:4096].upper() and b"a.k.a." in document.head


LAYOUTS: tuple[Layout, ...] = (Layout("ofac.sdn_text", (SDN,), _is, _read),)
