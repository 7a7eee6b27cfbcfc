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
    def app(self) -> App: ...

    def has(self, method: str) -> bool: ...

    async def do(self, work: Callable[[], _T]) -> _T: ...

    async def ask(self, method: str, /, *args: Any, **options: Any) -> Any: ...

    async def recall(self, method: str, /, *args: Any) -> Any: ...


class Jobs(Protocol):
    """Files being screened."""

    async def take(self, upload: Any, owner: str, **options: Any) -> dict[str, Any]: ...

    def all(self, owner: str) -> list[dict[str, Any]]: ...

    def state(self, job: str, owner: str) -> dict[str, Any]: ...

    def drop(self, job: str, owner: str) -> None: ...

    def answers(self, job: str, owner: str) -> Path: ...

    def rows(
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
