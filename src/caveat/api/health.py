"""Routes for whoever runs the service: alive, ready (and which list is overdue), metrics."""

from __future__ import annotations

import os

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from caveat.api.answers import AtDesk, send
from caveat.api.bodies import Strict

router = APIRouter(route_class=Strict, tags=["running it"])


@router.get("/healthz", summary="Alive")
async def healthz() -> dict[str, str]:
    """The process answers. Without a key a 401 says as much."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready, and which list is overdue")
async def readyz(desk: AtDesk) -> Response:
    """503 until the index is open; overdue lists are named but do not make it unready: their last state stands."""
    as_of = desk.app.as_of()
    told = {
        "status": "ok" if desk.is_ready else "opening", "generation": desk.app.generation,
        "overdue": await desk.recall("overdue", as_of), "not_loaded": (await desk.ask("basis", as_of))["not_covered"],
    }  # fmt: skip
    return send(told, 200 if desk.is_ready else 503)


@router.get("/metrics", summary="Prometheus metrics")
async def metrics() -> Response:
    """Requests, their status and time, by route; of all workers together."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
