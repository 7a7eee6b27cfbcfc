"""Word lists the reader goes by, as data: `words/*.yaml`, read once when first used."""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The content of `words/NAME.yaml`."""
    text = files("caveat.news").joinpath("words", f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader, and our own file


@functools.cache
def word_set(name: str, key: str) -> frozenset[str]:
    """The words of a comma-separated block, as they stand."""
    return frozenset(w.strip() for w in str(load(name)[key]).replace("\n", " ").split(",") if w.strip())


@functools.cache
def patterns(name: str, key: str) -> re.Pattern[str]:
    """One expression of the list of expressions under `key`; case is ignored."""
    return re.compile("|".join(f"(?:{p})" for p in load(name)[key]), re.IGNORECASE)


@functools.cache
def alternatives(name: str, key: str) -> str:
    """The words of a block as an alternation, longest first."""
    return "|".join(re.escape(w) for w in sorted(word_set(name, key), key=len, reverse=True))
