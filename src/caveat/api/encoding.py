"""Plain values as JSON, as the commands print them; what many answers share is written once."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)


class Shared(dict[str, Any]):
    """A part of many answers, never written to."""

    @cached_property
    def json(self) -> bytes:
        """Its JSON."""
        return _encode(self)


def to_json(plain: Any) -> bytes:
    """Compact JSON in UTF-8; lone surrogates, which UTF-8 cannot hold, leave as escapes."""
    if isinstance(plain, dict) and len(plain) > 1:
        *_, last = plain
        if isinstance(shared := plain[last], Shared):
            own = _encode({name: value for name, value in plain.items() if name != last})
            return b"".join((own[:-1], b',"', last.encode(), b'":', shared.json, b"}"))
    return _encode(plain)


def _encode(plain: Any) -> bytes:
    text = _COMPACT.encode(plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(plain, separators=(",", ":"), default=str).encode()
