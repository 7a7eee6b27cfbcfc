"""Schemathesis over the whole OpenAPI description: whatever it sends, no answer is a fault of ours."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from serving import Service

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")

#: Not asked here: the first would go out to the publishers, the second reads the whole ledger each time.
LEFT_OUT = ("/v1/refresh", "/v1/verify")


def test_nothing_that_is_asked_is_a_fault(service: Service) -> None:
    plain: dict[str, Any] = httpx.get(f"{service.url}/openapi.json", headers=service.headers).json()
    for path in LEFT_OUT:
        plain["paths"].pop(path)
    schema = schemathesis.openapi.from_dict(plain)
    asked: dict[str, int] = {}
    faults: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            reply = case.call(base_url=service.url, headers=service.headers, timeout=60)
            place = f"{case.method} {case.path}"
            asked[place] = asked.get(place, 0) + 1
            if reply.status_code >= 500 and reply.status_code != 501:
                faults.append(
                    f"{place} {reply.status_code} {reply.request.url} {str(case.body)[:300]} {reply.text[:300]}"
                )
            elif reply.status_code >= 400:
                media = "".join(reply.headers.get("content-type", []))
                if not media.startswith("application/problem+json") or not reply.json()["detail"]:
                    faults.append(f"{place} {reply.status_code} without a problem: {media} {reply.text[:200]}")

        ask()
    assert faults == []
    assert len(asked) > 30
    assert sum(asked.values()) > 200
