"""JSON records of a file, each with the line on which it begins: an array, one object, or one a line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from caveat.errors import ShapeError

#: What a value of another type than the layout's gives rise to while a record is read.
ODD = (TypeError, AttributeError, KeyError, ValueError, IndexError)
_DECODER = json.JSONDecoder(parse_constant=lambda word: math.nan)
_BLANK = " \t\r\n\ufeff"


def read_records(data: bytes, name: str) -> Iterator[tuple[int, Any]]:
    """(line, record) in the file's order. ShapeError with the line where the JSON breaks."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShapeError(f"is not UTF-8 (byte {error.start})", where=name, do="save it as UTF-8") from None
    at, line, end = _skip(text, 0), 1, len(text)
    line += text.count("\n", 0, at)
    inside = text[at : at + 1] == "["
    if inside:
        at, line = _forward(text, at + 1, line, ",")
    while at < end:
        if inside and text[at] == "]":
            if text[at + 1 :].strip(_BLANK):
                raise ShapeError("goes on after its array", where=f"{name}, line {line}", do="give one array")
            return
        try:
            record, after = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
            raise ShapeError(f"broken JSON ({what})", where=f"{name}, line {line}", do="fetch it again") from None
        yield line, record
        line += text.count("\n", at, after)
        at, line = _forward(text, after, line, "," if inside else "")
    if inside:
        raise ShapeError("the array does not end: the file is cut", where=name, do="fetch it again")


def _forward(text: str, at: int, line: int, comma: str) -> tuple[int, int]:
    """Past blanks and one comma; the place and line reached."""
    start = at
    at = _skip(text, at)
    if comma and text[at : at + 1] == comma:
        at = _skip(text, at + 1)
    return at, line + text.count("\n", start, at)


def _skip(text: str, at: int) -> int:
    end = len(text)
    while at < end and text[at] in _BLANK:
        at += 1
    return at
