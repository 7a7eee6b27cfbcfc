"""Checking the law: what is uncited, undated, overlapping or said twice is refused before anything rests on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.errors import LawError
from caveat.law.files import FOLDER, law_files, read_yaml

_BLOCK = {"title", "unit", "values"}
_VALUE = {"from", "known", "value", "cite", "quote", "quotes", "confirmed"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: `where` is the file and the parameter, `what` says what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(folder: Path | None = None) -> list[Problem]:
    """Every fault in the law files under `folder` (default: the law this package ships); empty where there is none."""
    folder = folder or FOLDER
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    files = law_files(folder)
    if not files:
        return [Problem(str(folder), "holds no law files")]
    for file in files:
        place = file.relative_to(folder).as_posix()
        try:
            content = read_yaml(file)
        except LawError as error:
            problems.append(Problem(place, error.what))
            continue
        for name, block in content.items():
            where = f"{place}: {name}"
            if name in seen:
                problems.append(Problem(where, f"duplicate: already in {seen[name]}"))
            seen[name] = place
            if not str(name).startswith(place.split("/")[0] + "."):
                problems.append(Problem(where, f"belongs to another authority than its folder {place.split('/')[0]}"))
            problems += [Problem(where, what) for what in _block_faults(block)]
    return problems


def _block_faults(block: Any) -> list[str]:
    if not isinstance(block, dict):
        return ["is not a block of title, unit and values"]
    faults = [f"has no {key}" for key in sorted(_BLOCK - block.keys())]
    faults += [f"has an unknown key {key!r}" for key in sorted(block.keys() - _BLOCK)]
    values = block.get("values")
    if not isinstance(values, list) or not values:
        return [*faults, "has no values"]
    begun: set[tuple[Any, Any]] = set()
    for value in values:
        if not isinstance(value, dict):
            faults.append(f"a value is not a block: {value!r}")
            continue
        at = f"the value from {value.get('from')}"
        faults += [f"{at} has an unknown key {key!r}" for key in sorted(value.keys() - _VALUE)]
        for key in ("from", "known"):
            if type(value.get(key)) is not dt.date:
                faults.append(f"{at} is undated: `{key}` must be a day")
        for key in ("cite", "quote"):
            if not isinstance(value.get(key), str) or not value[key].strip():
                faults.append(f"{at} is uncited: `{key}` is missing")
        cites = {part.strip() for part in str(value.get("cite")).split(";")}
        quotes = value.get("quotes", {})
        if not isinstance(quotes, dict) or not all(isinstance(w, str) and w.strip() for w in quotes.values()):
            faults.append(f"{at}: `quotes` must give words by citation")
        else:
            faults += [f"{at}: `quotes` names {c!r}, which `cite` does not" for c in quotes if c not in cites]
        if "value" not in value:
            faults.append(f"{at} has no value")
        if not isinstance(value.get("confirmed", True), bool):
            faults.append(f"{at}: `confirmed` must be true or false")
        clocks = (value.get("from"), value.get("known"))
        if clocks in begun:
            faults.append(f"{at} overlaps another one from the same day, published the same day")
        begun.add(clocks)
    return faults
