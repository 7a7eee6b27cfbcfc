"""The pages: search, party, act, changes, coverage, files; made on the server, readable without JavaScript."""

from __future__ import annotations

from typing import Any

__all__ = ["mount"]


def __getattr__(name: str) -> Any:
    """Load Jinja2 and FastAPI only when the pages are hung in."""
    if name == "mount":
        from caveat.web.site import mount

        return mount
    raise AttributeError(name)
