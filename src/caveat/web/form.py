"""The short form of an act, as a transaction: what was filled in, and the answers to questions still open."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from caveat.errors import InputError

#: Field of the form: its path in the transaction.
FIELDS: dict[str, str] = {
    "date": "date", "activity": "activity", "destination": "destination", "party": "parties.0.name",
    "role": "parties.0.role", "country": "parties.0.country", "address": "parties.0.address",
    "entry_id": "parties.0.entry_id", "description": "item.description", "item_kind": "item.kind", "eccn": "item.eccn",
    "hts": "item.hts", "origin": "item.origin", "location": "item.location", "actor": "actor.name",
    "us_person": "actor.us_person", "actor_country": "actor.country",
}  # fmt: skip
_FACT = "fact."
_MOST_STEPS = 8
_WORDS = {"true": True, "false": False, "yes": True, "no": False}
_COUNTRIES = ("destination", "country", "origin", "location", "actor_country")


def transaction(given: Mapping[str, str]) -> dict[str, Any]:
    """The transaction that a filled form stands for; what was left empty is unknown."""
    out: dict[str, Any] = {}
    for name, path in FIELDS.items():
        if value := given.get(name, "").strip():
            put(out, path, value.upper() if name in _COUNTRIES else _read(value) if name == "us_person" else value)
    for name, value in given.items():
        if name.startswith(_FACT) and value.strip():
            put(out, name.removeprefix(_FACT), _read(value.strip()))
    for name in ("date", "activity", "party"):
        if not given.get(name, "").strip():
            raise InputError("is needed", where=name, do="fill it in")
    return out


def put(out: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a path such as `parties.0.owners.1.pct`."""
    steps = path.split(".")
    if len(steps) > _MOST_STEPS or not all(s.replace("_", "").isalnum() for s in steps):
        raise InputError(f"{path[:80]!r} is no fact", where="form")
    here: Any = out
    for step, following in pairwise(steps):
        fresh: Any = [] if following.isdigit() else {}
        if isinstance(here, list):
            place = _place(step, here)
            if place == len(here):
                here.append(fresh)
            here = here[place]
        elif isinstance(here, dict):
            here = here.setdefault(step, fresh)
        if not isinstance(here, type(fresh)):
            raise InputError(f"{path[:80]!r} does not fit the other answers", where="form")
    if isinstance(here, list):
        place = _place(steps[-1], here)
        here[place:] = [value, *here[place + 1 :]]
    else:
        here[steps[-1]] = value


def _place(step: str, values: list[Any]) -> int:
    if not step.isdigit() or int(step) > len(values):
        raise InputError(f"{step[:20]!r} skips a place", where="form")
    return int(step)


def _read(value: str) -> Any:
    return _WORDS.get(value.lower(), value)


def questions(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is still open: each fact once, why it is asked, and what each answer would lead to.

    `choices` is empty where the answer is a word of the user's own (an ECCN, a country).
    """
    found: dict[str, dict[str, Any]] = {}
    for missing in answer["missing"]:
        asked = found.setdefault(missing["fact"], {"fact": missing["fact"], "why": missing["why"], "choices": []})
        for value, leads in missing["would_change"].items():
            if value not in [c["value"] for c in asked["choices"]]:
                asked["choices"].append({"value": value, "leads": leads})
    for finding in answer["findings"]:
        policy = finding["license_review_policy"] or {}
        for ask in policy.get("ask", ()):
            if ask["fact"] not in found:
                choices = [{"value": "true", "leads": ask["if_true"]}, {"value": "false", "leads": ask["if_false"]}]
                is_word = ask["fact"].endswith((".eccn", ".hts", ".country", ".origin"))
                found[ask["fact"]] = {
                    "fact": ask["fact"], "why": policy["text"], "choices": [] if is_word else choices,
                    "leads": [ask["if_true"], ask["if_false"]] if is_word else [],
                }  # fmt: skip
    return list(found.values())
