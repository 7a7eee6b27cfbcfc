"""What the pages need of the service they are hung in: a desk that asks the app, and the files being screened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from fastapi import Request

from caveat.app import App

_T = TypeVar("_T")


class Desk(Protocol):
    """Asks the app in threads."""

    @property
    def app(self) -> App: ...  # noqa: D102

    def has(self, method: str) -> bool: ...  # noqa: D102

    async def do(self, work: Callable[[], _T]) -> _T: ...  # noqa: D102

    async def ask(self, method: str, /, *args: Any, **options: Any) -> Any: ...  # noqa: D102

    async def recall(self, method: str, /, *args: Any) -> Any: ...  # noqa: D102


class Jobs(Protocol):
    """Files being screened."""

    async def take(self, upload: Any, owner: str, **options: Any) -> dict[str, Any]: ...  # noqa: D102

    def all(self, owner: str) -> list[dict[str, Any]]: ...  # noqa: D102

    def state(self, job: str, owner: str) -> dict[str, Any]: ...  # noqa: D102

    def drop(self, job: str, owner: str) -> None: ...  # noqa: D102

    def answers(self, job: str, owner: str) -> Path: ...  # noqa: D102

    def rows(  # noqa: D102
        self, job: str, owner: str, *, status: str | None, list_id: str | None, text: str | None
    ) -> Iterator[dict[str, Any]]: ...


def desk_of(request: Request) -> Desk:
    """The worker's desk."""
    desk: Desk = request.app.state.desk
    return desk


def jobs_of(request: Request) -> Jobs:
    """The worker's jobs."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def caller_of(request: Request) -> str:
    """The id of whoever asks."""
    return str(request.state.caller.id)
