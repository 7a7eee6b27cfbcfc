"""Numbers that name a party, compared by their own rules: registration numbers, LEI, USCC, IMO, passports."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from caveat.model import Identifier

_NOISE = re.compile(r"[\W_]+")
_IMO = re.compile(r"^(?:IMO)?(\d{7})$")


def normal_number(text: str) -> str:
    """A number without blanks, dashes and case; `IMO 9187629` and `9187629` are one.

    >>> normal_number("IMO 9187629"), normal_number("9131 0000-mabc")
    ('9187629', '91310000MABC')
    """
    bare = _NOISE.sub("", text).upper()
    found = _IMO.match(bare)
    return found[1] if found else bare


def normal_identifier(identifier: Identifier | str) -> tuple[str, str, str]:
    """Kind, normal number and country of an identifier; kind and country empty where not given."""
    if isinstance(identifier, str):
        kind, _, value = identifier.rpartition(":")
        return kind.strip().lower(), normal_number(value), ""
    return identifier.kind, normal_number(identifier.value), identifier.country or ""


@lru_cache(maxsize=32)
def _rule(kind: str) -> Callable[[str], bool] | None:
    """The check-digit rule of a kind of number, by python-stdnum; None where it has none or is not installed."""
    modules = {"lei": "stdnum.lei", "imo": "stdnum.imo", "uscc": "stdnum.cn.uscc", "isin": "stdnum.isin",
               "inn": "stdnum.ru.inn", "ogrn": "stdnum.ru.ogrn", "bic": "stdnum.bic", "swift_bic": "stdnum.bic",
               "cusip": "stdnum.cusip", "ric": "stdnum.cn.ric"}  # fmt: skip
    if kind not in modules:
        return None
    try:
        from importlib import import_module

        check: Callable[[str], bool] = import_module(modules[kind]).is_valid
    except ImportError:
        return None
    return check


def is_well_formed(kind: str, number: str) -> bool | None:
    """Whether a number satisfies the check digits of its kind; None where the kind has none known here."""
    check = _rule(kind)
    return None if check is None else bool(check(number))
