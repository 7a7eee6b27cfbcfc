"""Templates: Jinja2 with escaping always on, and what every page needs."""

from __future__ import annotations

import hashlib
import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from caveat import __version__
from caveat.web.asking import desk_of
from caveat.web.waterfall import WIDTH, fall
from caveat.web.words import LANGUAGES, Words, choose, words_in

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
#: Outcomes and statuses by how loudly a page says them.
_TONES = {
    "prohibited": "stop", "presumed_prohibited_unless_evidence": "stop", "license_required": "hold",
    "insufficient_information": "open", "caution_red_flag": "open", "no_restriction_found": "quiet",
    "not_subject": "quiet", "listed": "hold", "announced": "open", "removed": "quiet", "hits": "hold",
    "no_hit": "quiet", "error": "stop", "added": "hold", "amended": "open", "overdue": "open", "failed": "stop",
}  # fmt: skip


@cache
def templates() -> Environment:
    """The environment; a name a template misspells is an error, not an empty place."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals.update(
        version=__version__, fall=fall, scale=WIDTH, languages=LANGUAGES, static=_static, urlencode=urlencode
    )
    made.filters.update(
        tone=lambda word: _TONES.get(str(word), "quiet"), day=lambda text: str(text or "")[:10], thousands=_thousands,
        short=lambda text: str(text)[:19], path=lambda text: quote(str(text), safe=""), pretty=_pretty,
        brief=_brief, age=_age, percent=_percent, signed=lambda n: f"{n:+.2f}".replace("-", "\u2212"),
    )  # fmt: skip
    return made


def words_of(request: Request) -> Words:
    """The language of a request."""
    kept = request.session.get("language")
    return words_in(choose(request.query_params.get("lang"), kept, request.headers.get("accept-language", "")))


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """One page."""
    words = words_of(request)
    desk = desk_of(request)
    asked = {k: v for k, v in request.query_params.items() if k != "lang"} if request.method == "GET" else {}
    if "titles" in values:
        values["titles"] = {list_id: words.title(list_id, title) for list_id, title in values["titles"].items()}
    html = templates().get_template(template).render(
        t=words, here=request.url.path, asked=asked, can_read=desk.has("read"), can_own=desk.has("own"), **values,
    )  # fmt: skip
    return HTMLResponse(html.encode("utf-8", "replace"), status)


@cache
def _static(name: str) -> str:
    """The address of a static file, with its content's hash, so that browsers may keep it for ever."""
    digest = hashlib.sha256((_FOLDER / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def _percent(score: float) -> str:
    """A probability in a hundred, cut off and not rounded: nothing is ever quite certain."""
    return f"{int(score * 10_000) / 100:.2f}" if score > 0.99 else f"{int(score * 1000) / 10:.1f}"


def _age(days: int) -> float:
    """How long a bar of a hundred an age in days is drawn; ten years fill it, and the first weeks show."""
    return round(min(100.0, 100 * math.log1p(max(days, 0)) / math.log1p(3650)), 1)


def _thousands(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _brief(value: Any) -> str:
    """A value of an entry in one line of words."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, dict):
        return str(value.get("text") or value.get("cite") or value.get("value") or _pretty(value))
    if isinstance(value, list | tuple):
        return "; ".join(_brief(v) for v in value)
    return str(value)
