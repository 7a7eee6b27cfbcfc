"""One name against another, without an index."""

from __future__ import annotations

from caveat.errors import InputError
from caveat.names import check_readable, is_latin, key, read_name
from caveat.screening.evidence import DEFAULT_THRESHOLD, Judged, explain, name_points, probability
from caveat.screening.query import Comparison
from caveat.screening.scorer import score


def judge(name_a: str, name_b: str) -> Judged:
    """The best pair of readings of two names. InputError where one cannot be read."""
    check_readable(name_a, where="first name")
    check_readable(name_b, where="second name")
    same = key(name_a) == key(name_b)
    best: Judged | None = None
    latin_a, latin_b = is_latin(name_a), is_latin(name_b)
    for one in read_name(name_a):
        for other in read_name(name_b)[: 1 if same else None]:  # the same name is told as it is written
            if (one.how == "spelled" and not latin_b) or (other.how == "spelled" and not latin_a):
                continue  # two names of one script share the words of their trades
            aligned = score(one.tokens, other.tokens, may_shorten=one.may_shorten and other.may_shorten)
            points = name_points(aligned, same, one.choices)
            if best is None or points > best.points:
                best = Judged(points, aligned, one, other.tokens, same)
    if best is None:
        unread = name_b if read_name(name_a) else name_a
        raise InputError(f"{unread!r} holds no word that can be read", do="give a name that can be read")
    return best


def compare(name_a: str, name_b: str, kind: str | None = None) -> Comparison:
    """How likely two names name one party, with the evidence. `kind` is what both are, where it is known."""
    judged = judge(name_a, name_b)
    chance = probability(judged.points)
    return Comparison(chance, "match" if chance >= DEFAULT_THRESHOLD else "no_match", explain(judged))
