"""The site: routes, gate and bounds put together. Pages are hung in by whoever builds it (the command line)."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from caveat import __version__
from caveat.api import acting, asking, edges, filing, health, problems, reading, reconcile, trade_gov, yente
from caveat.api.bounds import Bounds, Outside
from caveat.api.desk import Desk
from caveat.api.gate import Gate
from caveat.api.jobs import Jobs
from caveat.api.settings import Settings
from caveat.api.shapes import Problem
from caveat.config import Config

_ABOUT = """Who is this party, what do the official restriction lists say about it, and what does that mean for this
act on this day? Caveat informs; it gives no legal advice, and silence is never clearance: an answer without a hit
says `no_hit` and names the lists it rests on and those it does not cover.

Every command is a route with the same JSON. Errors are `application/problem+json`, never an empty list."""
_SESSION_SECONDS = 12 * 3600


def build_site(config: Config, settings: Settings, mounts: tuple[Callable[[FastAPI], None], ...] = ()) -> Any:
    """The ASGI application. `mounts` hang further doors (the pages) on the site."""
    own_folder = not settings.folder
    if own_folder:
        settings = replace(settings, folder=tempfile.mkdtemp(prefix="caveat-serve-"))
    desk = Desk(config)
    jobs = Jobs(settings, desk)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await desk.open()
        yield
        jobs.close()
        await desk.close()
        if own_folder:
            shutil.rmtree(settings.folder, ignore_errors=True)

    site = FastAPI(
        title="Caveat", version=__version__, description=_ABOUT, lifespan=life, docs_url=None, redoc_url=None,
        openapi_url="/openapi.json", license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    site.state.desk, site.state.jobs, site.state.settings = desk, jobs, settings
    problems.register(site)
    for router in (
        asking.router,
        reading.router,
        acting.router,
        edges.router,
        filing.router,
        health.router,
        yente.router,
        reconcile.router,
        trade_gov.router,
    ):
        site.include_router(router)
    for mount in mounts:
        mount(site)
    _describe_the_rest(site)
    gate = Gate(site, settings, desk)
    site.state.gate = gate
    inner = SessionMiddleware(
        gate, settings.secret, session_cookie="caveat", max_age=_SESSION_SECONDS, same_site="strict",
        https_only=settings.https,
    )  # fmt: skip
    hosts = TrustedHostMiddleware(Bounds(inner, settings), allowed_hosts=settings.hosts, www_redirect=False)
    return Outside(hosts, time.monotonic, desk)


def _describe_the_rest(site: FastAPI) -> None:
    """Say in the OpenAPI description how a request shows its token or key, and what a problem looks like."""
    make = site.openapi

    def described() -> dict[str, Any]:
        schema = make()
        if "security" not in schema:
            told = "The token printed at start, or a key"
            parts = schema.setdefault("components", {})
            parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            parts["securitySchemes"] = {
                "bearer": {"type": "http", "scheme": "bearer", "description": told},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            }
            schema["security"] = [{"bearer": []}, {"key": []}]
        return schema

    site.openapi = described  # type: ignore[method-assign]
