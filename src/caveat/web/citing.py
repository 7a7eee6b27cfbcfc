"""A stable address for every entry and day, with a citation to copy: text, BibTeX, CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def address(root: str, entry: Mapping[str, Any]) -> str:
    """The address under which this entry is shown as of this day, today and later."""
    as_of = entry["as_of"]
    return f"{root}/party/{quote(entry['entry_id'])}?as_of={as_of['in_force']}&known={quote(as_of['known'])}"


def citations(entry: Mapping[str, Any], title: str, root: str) -> dict[str, str]:
    """The citation in each form, by its name."""
    return {"text": _text(entry, title, root), "bibtex": _bibtex(entry, title, root), "csl": _csl(entry, title, root)}


def _text(entry: Mapping[str, Any], title: str, root: str) -> str:
    name = (entry["name"] or "").rstrip(".")
    work = "; ".join([title, *(c["cite"] for c in entry["citations"])])
    as_of, source = entry["as_of"], entry["source"]
    return (
        f"{name}. {work}. As in force on {as_of['in_force']} and known on {as_of['known']}; "
        f"source {source['snapshot'][:19]}, {source['row']}. {address(root, entry)}"
    )


def _bibtex(entry: Mapping[str, Any], title: str, root: str) -> str:
    key = re.sub(r"[^A-Za-z0-9]+", "_", entry["entry_id"])
    year = entry["as_of"]["in_force"][:4]
    cites = "; ".join(c["cite"] for c in entry["citations"])
    lines = [
        f"@misc{{{key},", f"  title = {{{_tex(entry['name'] or '')}}},", f"  howpublished = {{{_tex(title)}}},",
        f"  year = {{{year}}},", f"  note = {{{_tex(cites)}; in force {entry['as_of']['in_force']}, "
        f"known {entry['as_of']['known']}; {entry['source']['snapshot'][:19]}}},",
        f"  url = {{{address(root, entry)}}}", "}",
    ]  # fmt: skip
    return "\n".join(lines)


def _csl(entry: Mapping[str, Any], title: str, root: str) -> str:
    day = [int(part) for part in entry["as_of"]["in_force"].split("-")]
    item = {
        "id": entry["entry_id"], "type": "entry", "title": entry["name"], "container-title": title,
        "accessed": {"date-parts": [day]}, "URL": address(root, entry),
        "note": "; ".join([*(c["cite"] for c in entry["citations"]), entry["source"]["snapshot"]]),
    }  # fmt: skip
    return json.dumps([item], ensure_ascii=False, indent=1)


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", "/"))
