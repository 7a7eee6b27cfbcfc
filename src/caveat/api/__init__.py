"""The API: every command as a route, the forms other programs speak, and an endpoint for agents."""

from caveat.api.keys import SCOPES, Keys
from caveat.api.run import log_lines, run
from caveat.api.settings import Settings, read_settings

__all__ = ["SCOPES", "Keys", "Settings", "build_site", "log_lines", "read_settings", "run"]


def __getattr__(name: str) -> object:
    """Load FastAPI only when a site is built."""
    if name == "build_site":
        from caveat.api.site import build_site

        return build_site
    raise AttributeError(name)
