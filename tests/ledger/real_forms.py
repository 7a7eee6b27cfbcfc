"""Small files in publishers' own layouts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from caveat.sources import Document


def sdn_file(day: str, names: Mapping[str, str], program: str = "CUBA") -> Document:
    """OFAC's sdn.csv of one day: publisher's number -> name."""
    lines = (
        f'{number},"{name}","individual","{program}",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 01 Jan 1960."\r\n'
        for number, name in names.items()
    )
    data = ("".join(lines) + "\x1a").encode()
    return Document(f"sdn_{day}.csv", data, hashlib.sha256(data).hexdigest())
