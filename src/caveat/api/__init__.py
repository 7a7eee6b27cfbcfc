"""The API: every command as a route, the forms other programs speak, and an endpoint for agents."""

from typing import Any

from caveat.api.keys import SCOPES, Keys
from caveat.api.log import log_lines
from caveat.api.run import run
from caveat.api.settings import Settings

__all__ = ["SCOPES", "Keys", "Settings", "build_agent", "build_site", "log_lines", "run", "run_mcp"]


def __getattr__(name: str) -> Any:
    """Load FastAPI and the agent protocol only when a site or an endpoint is built."""
    if name == "build_site":
        from caveat.api.site import build_site

        return build_site
    if name in ("build_agent", "run_mcp"):
        from caveat.api import agent

        return getattr(agent, name)
    raise AttributeError(name)
