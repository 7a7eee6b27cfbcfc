"""A citation: where the law or a list says so, when it was published, and in which words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_FEDERAL_REGISTER = re.compile(
    r"(\d{1,3})\s*(?:FR|Fed\.?\s*Reg\.?)\s*(\d[\d,]{0,9})(?![\d,]*\d)", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation. `cite` as printed (`84 FR 54002`, `15 CFR 744.11(a)`).

    `date` is the day of publication where it is stated; `quote` the words relied on;
    `confirmed` is False where the source text was not seen.
    """

    cite: str
    date: dt.date | None = None
    quote: str | None = None
    confirmed: bool = True

    @property
    def volume_and_page(self) -> tuple[int, int] | None:
        """Federal Register volume and page, or None for another kind of citation.

        >>> Citation("84 FR 54,002").volume_and_page
        (84, 54002)
        """
        found = _FEDERAL_REGISTER.search(self.cite)
        return (int(found[1]), int(found[2].replace(",", ""))) if found else None
