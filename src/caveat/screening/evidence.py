"""From an alignment to a probability, as a sum of named pieces a person can read aloud.

Points are log-odds in thousandths, whole numbers until the last step, so that every engine gives one score.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from caveat.names import Mode, Reading, Token, TokenKind
from caveat.screening.query import Evidence
from caveat.screening.scorer import Link, Score, says_little

#: A candidate with this probability or more is a hit, unless the caller says otherwise.
DEFAULT_THRESHOLD = 0.5

#: Points (thousandths of log-odds) of what stands beside the name. Set by hand from how often
#: matching and other parties agree; docs/explanation/matching.md gives the reasons.
WEAK_ALIAS = -700
SAME_COUNTRY = 300
OTHER_COUNTRY = -500
OTHER_KIND = -1800
SAME_KIND = 200
SAME_BIRTH = 2200
NEAR_BIRTH = 900
YEAR_SLIP = 500
OTHER_BIRTH = -2600
SAME_IDENTIFIER = 6000
OTHER_IDENTIFIER = -1000
SAME_ADDRESS = 2500
SAME_CITY = 300
ALONE = -3000
LISTED_ADDRESS = 7000
SHARED_ADDRESS = 5500
MOST_BESIDE = SAME_COUNTRY + SAME_KIND + SAME_BIRTH + SAME_ADDRESS


@dataclass(frozen=True, slots=True)
class Judged:
    """The names' part of a score: thousandths of log-odds, with what they rest on."""

    points: int
    score: Score
    query: Reading
    entry: tuple[Token, ...]
    is_same_name: bool


@lru_cache(maxsize=1)
def weights() -> dict[str, int]:
    """The weights (`calibration.json`, which tells how they were found)."""
    data = json.loads((files("caveat.screening") / "calibration.json").read_text("utf-8"))
    return {name: value for name, value in data.items() if isinstance(value, int)}


def name_points(score: Score, is_same_name: bool, choices: int = 1) -> int:
    """Log-odds (thousandths) that two names are one, from their alignment alone; `choices` as in `Reading`."""
    w = weights()
    info = min(max(score.total, 0), w["rarity_cap"])
    points = w["base"] + w["ratio"] * min(score.ratio, 1000) // 1000 + w["rarity"] * info // 1000
    points += whole_points(score, is_same_name)
    # across scripts a name has many spellings, and a stranger's may be one: it proves what its letters hold, no more
    return min(points, heard_at(choices) + w["heard_rarity"] * info // 1000) if score.is_heard else points


def heard_at(choices: int) -> int:
    """Where evidence across scripts begins: lower for a name that can be read in many ways."""
    w = weights()
    return w["heard"] - w["heard_choice"] * (choices - 1).bit_length()


def whole_points(score: Score, is_same_name: bool) -> int:
    """What a whole name in agreement adds: nothing left over, or the same letters, father and son not exchanged."""
    w = weights()
    if is_same_name and not score.is_exchanged:
        return w["whole"] + w["same_name"]
    return _whole(score.total, score.whole)


def _whole(total: int, share: int) -> int:
    """What nothing left over is worth: all of it from a fifth of the most evidence on, for common words less.

    `share` as in `Score.whole`.
    """
    w = weights()
    full = w["rarity_cap"] // 5
    return w["whole"] * share // 1000 * min(max(total, 0), full) // full


def most_points(total: int, needed: int, *, may_be_whole: bool) -> int:
    """The most points a name can reach that earns at most `total` of the `needed` evidence (a same name aside)."""
    w = weights()
    total = max(total, 0)
    ratio = min(1000, total * 1000 // max(1, needed))
    points = w["base"] + w["ratio"] * ratio // 1000 + w["rarity"] * min(total, w["rarity_cap"]) // 1000
    return points + (_whole(total, 1000) if may_be_whole else 0)


def probability(points: int) -> float:
    """Log-odds in thousandths as a probability."""
    return 1.0 / (1.0 + math.exp(-points / 1000))


def log_odds(chance: float) -> int:
    """A probability as log-odds in thousandths, rounded down."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.floor(math.log(chance / (1 - chance)) * 1000)


_WHY = {
    "same": "the same word",
    "spelling": "nearly the same spelling",
    "nickname": "another form of the same name",
    "synonym": "another word for the same",
    "initial": "an initial of the word",
    "joined": "the same words written together or apart",
    "acronym": "the first letters of the words",
}


def explain(judged: Judged) -> tuple[Evidence, ...]:
    """The pieces whose points add up to `judged.points`, in thousandths of log-odds divided by 1000."""
    w = weights()
    score = judged.score
    query, entry = judged.query.tokens, judged.entry
    out: list[Evidence] = [Evidence("base", None, None, w["base"] / 1000, "before any word is compared")]
    share = w["ratio"] / max(1, score.needed) / 1000
    pieces: list[Evidence] = []
    for link in score.links:
        pieces.append(_link(link, query, entry, share))
    for i in score.left_query:
        pieces.append(_left("extra", query[i], -share * query[i].loss))
    for j in score.left_entry:
        pieces.append(_left("missing", entry[j], -share * entry[j].loss))
    for what, cost in score.penalties:
        pieces.append(Evidence(what, *_clashing(what, score, query, entry), -share * cost, _PENALTY[what]))
    out += pieces
    info = min(max(score.total, 0), w["rarity_cap"])
    out.append(Evidence("rarity", None, None, w["rarity"] * info // 1000 / 1000, _rarity(info)))
    added = whole_points(score, judged.is_same_name)
    if added > w["whole"]:
        out.append(Evidence("same_name", None, None, added / 1000, "the whole name is the same"))
    elif added:
        over = [query[i] for i in score.left_query] + [entry[j] for j in score.left_entry]
        but = ", but for an initial or a patronymic" if any(map(says_little, over)) else ", though two are barely alike"
        why = "no word of weight is left over on either side" + but * (score.whole < 1000)
        out.append(Evidence("whole", None, None, added / 1000, why))
    if score.is_heard:
        written = name_points(replace(score, is_heard=False), judged.is_same_name)
        held = name_points(score, judged.is_same_name, judged.query.choices) - written
        if held:
            out.append(Evidence("script", None, None, held / 1000, "spellings across scripts are shared by many"))
    rounding = judged.points / 1000 - sum(e.points for e in out)
    if abs(rounding) > 1e-9:
        first = out[0]
        out[0] = Evidence(first.feature, None, None, first.points + rounding, first.why)
    return tuple(out)


_PENALTY = {
    "clash": "different words in the same place",
    "place": "different places: bodies of one sort are told apart by them",
    "number": "different numbers: sister bodies are told apart by them",
    "father": "father and son are exchanged",
    "order": "the words stand in another order",
}


def _link(link: Link, query: tuple[Token, ...], entry: tuple[Token, ...], share: float) -> Evidence:
    left, right = query[slice(*link.query)], entry[slice(*link.entry)]
    why = _WHY[link.why]
    if any(t.mode is not Mode.WRITTEN for t in left + right):
        why = f"{why}, across scripts"
    rare = min(sum(t.bits for t in left), sum(t.bits for t in right))
    word = "a rare word" if rare >= 1400 else "a common word" if rare < 900 else "a word neither rare nor common"
    feature = {"same": "token", "spelling": "token", "synonym": "token"}.get(link.why, link.why)
    return Evidence(feature, _shown(left), _shown(right), link.points * share, f"{why}; {word}")


def _left(feature: str, token: Token, points: float) -> Evidence:
    side = "query" if feature == "extra" else "listed name"
    kind = {
        TokenKind.FORM: "legal form",
        TokenKind.GENERIC: "trade word",
        TokenKind.PLACE: "place",
        TokenKind.NUMBER: "number",
    }.get(token.kind, "word")
    shown = token.shown
    why = f"{kind} only in the {side}"
    return Evidence(
        feature, shown if feature == "extra" else None, shown if feature == "missing" else None, points, why
    )


def _clashing(
    what: str, score: Score, query: tuple[Token, ...], entry: tuple[Token, ...]
) -> tuple[str | None, str | None]:
    if what not in ("clash", "number", "place"):
        return None, None
    told = {"number": (TokenKind.NUMBER,), "place": (TokenKind.PLACE,)}
    wanted = told.get(what, (TokenKind.WORD, TokenKind.GENERIC, TokenKind.PLACE))
    left = tuple(query[i] for i in score.left_query if query[i].kind in wanted)
    right = tuple(entry[j] for j in score.left_entry if entry[j].kind in wanted)
    return _shown(left), _shown(right)


def _shown(tokens: tuple[Token, ...]) -> str:
    return " ".join(t.shown for t in tokens)


def _rarity(info: int) -> str:
    return f"so many shared words are met by chance in one of {2 ** (info // 100):,} names"


def to_dicts(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    """Plain JSON values, points rounded to thousandths."""
    return [{**piece.to_dict(), "points": round(piece.points, 3)} for piece in evidence]
