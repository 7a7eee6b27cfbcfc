"""The app: it wires the parts, and every command is one of its methods."""

from caveat.app.app import App, open_app
from caveat.screening import Query

__all__ = ["App", "Query", "open_app"]
