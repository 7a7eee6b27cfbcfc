"""The app: it wires the parts, and every command is one of its methods."""

from caveat.app.app import App, Query, SparkWishes, open_app

__all__ = ["App", "Query", "SparkWishes", "open_app"]
