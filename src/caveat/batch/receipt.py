"""A dated receipt of one answer: what was asked, what was found, the evidence and the lists behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caveat.errors import InputError, MissingPartError
from caveat.model import canonical_json

#: Values come in as data, never as markup, so that no name can run anything here.
_PAGE = """
#let r = json(bytes(sys.inputs.receipt))
#let a = r.answer
#set document(title: "Caveat receipt")
#set page(paper: "a4", margin: 2cm, footer: [
  #set text(7pt, gray)
  Caveat #r.version, #r.at UTC. Information, not legal advice; no hit is no clearance.
  #h(1fr) sha256 #r.sha256.slice(0, 24)
])
#set text(9pt, font: ("Libertinus Serif", "Noto Sans CJK SC", "Noto Serif CJK SC", "WenQuanYi Zen Hei"), fallback: true)
#let words(v) = if v == none { "" } else if type(v) == str { v } else { repr(v) }
= Receipt of a screening
#table(columns: (auto, 1fr), stroke: none, inset: 3pt,
  ..a.query.pairs().map(((k, v)) => (text(gray, k), words(v))).flatten(),
  text(gray, "answer"), strong(a.status),
  text(gray, "in force on"), a.basis.as_of.in_force,
  text(gray, "as known on"), a.basis.as_of.known,
)
#for h in a.hits [
  == #h.rank. #h.name
  #h.list, score #calc.round(h.score, digits: 4), status #h.status, effective #words(h.effective_on) \\
  #words(h.citation) \\
  matched as #h.matched_name, entry #h.entry_id \\
  source #h.source.row of #h.source.snapshot
  #if h.word != none [ \\ *#h.word.said* by #h.word.who at #h.word.at: #h.word.why ]
  #table(columns: (auto, auto, 1fr), stroke: 0.3pt + gray, inset: 3pt,
    ..h.evidence.map(e => (str(calc.round(float(e.points), digits: 2)), e.feature, e.why)).flatten())
]
== Rests on
#table(columns: (1fr, auto, auto, auto), stroke: 0.3pt + gray, inset: 3pt,
  ..a.basis.lists.map(x => (x.list + if x.starter { " (starter record)" } else { "" }, x.as_of, str(x.entries),
    raw(x.snapshot.slice(0, 23)))).flatten())
== Not covered
#for x in a.basis.not_covered [ #x.list: #x.why \\ ]
"""


def write_receipt(answer: Mapping[str, Any], path: Path, *, at: str, version: str) -> Path:
    """Write the receipt as JSON or PDF, by the path's ending; the hash is over the answer's canonical JSON."""
    sha256 = hashlib.sha256(canonical_json(answer).encode()).hexdigest()
    receipt = {"receipt": "caveat", "at": at, "version": version, "sha256": sha256, "answer": answer}
    if path.suffix == ".json":
        content = (json.dumps(receipt, ensure_ascii=False, indent=2) + "\n").encode()
    elif path.suffix == ".pdf":
        content = _pdf(receipt)
    else:
        raise InputError(f"{path.suffix or 'no ending'!r} is no receipt", where=str(path), do="use .json or .pdf")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None
    return path


def _pdf(receipt: Mapping[str, Any]) -> bytes:
    try:
        import typst
    except ModuleNotFoundError:
        raise MissingPartError("a PDF receipt needs typst", do="pip install 'caveat[pdf]', or ask for .json") from None
    return bytes(typst.compile(_PAGE.encode(), sys_inputs={"receipt": json.dumps(receipt, ensure_ascii=False)}))
