"""Routes on the graph, the law, what-ifs and publishers' files: the same JSON as the commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import Service, serve

EDGES = (
    "from,to,type,pct,from_country,to_country,source\n"
    'Hangzhou Hikvision Digital Technology Co. Ltd.,Quay Optics Ltd,owns,60,CN,GB,"annual report, p. 4"\n'
    "Quay Optics Ltd,Quay Lenses GmbH,owns,51,GB,DE,register\n"
)
SAMPLE = Path(__file__).resolve().parent.parent / "examples" / "ca" / "sema.xml"
SALE = {
    "date": "2021-07-01", "activity": "export", "destination": "CN",
    "item": {"eccn": "EAR99", "origin": "US", "location": "US"},
    "parties": [{"name": "Xinjiang Sailing Information Technology Co., Ltd.", "role": "end_user"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("edges")
    with serve(folder / "caveat.sqlite", folder / "private") as found:
        yield found


@pytest.fixture(scope="module")
def asked(own_service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_service.url, headers=own_service.headers, timeout=60) as client:
        told = client.post("/v1/edges?dataset=quay", content=EDGES, headers={"Content-Type": "text/csv"})
        assert told.json()["edges"] == 2, told.text
        yield client


def command(service: Service, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "caveat", "--db", f"{service.folder.parent}/caveat.sqlite", "--format", "json", *words],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "CAVEAT_WHO": "tester"},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def test_the_graph_is_told_as_the_commands_tell_it(asked: httpx.Client, own_service: Service, tmp_path: Path) -> None:
    assert asked.get("/v1/own/Quay Lenses GmbH").json() == command(own_service, "own", "Quay Lenses GmbH")
    assert asked.get("/v1/exposure/Quay Lenses GmbH?country=CN").json() == command(
        own_service, "exposure", "Quay Lenses GmbH", "--country", "CN"
    )
    portfolio = tmp_path / "portfolio.csv"
    portfolio.write_text("name\nQuay Lenses GmbH\nNobody Ltd\n", "utf-8")
    told = asked.post("/v1/blast", json={"party": "Quay Optics Ltd", "portfolio": ["Quay Lenses GmbH", "Nobody Ltd"]})
    assert told.json() == command(own_service, "blast", "Quay Optics Ltd", str(portfolio))
    picture = asked.get("/v1/picture/own/Quay Lenses GmbH")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in picture.headers["content-security-policy"]
    assert "Quay Optics" in picture.text


def test_what_a_listed_party_owns_is_adjacent_to_it(asked: httpx.Client, own_service: Service) -> None:
    entry = asked.get("/v1/show/Hikvision").json()["entry_id"]
    tied = asked.get(f"/entities/{entry}/adjacent").json()
    assert set(tied["adjacent"]) == {"sanctions", "ownershipOwner"}
    (owned,) = tied["adjacent"]["ownershipOwner"]["results"]
    assert (owned["schema"], owned["properties"]["percentage"]) == ("Ownership", ["60"])
    assert owned["properties"]["owner"] == [entry]
    assert owned["properties"]["asset"][0]["properties"] == {"name": ["Quay Optics Ltd"], "country": ["gb"]}
    alone = asked.get(f"/entities/{entry}/adjacent/ownershipOwner?limit=1").json()
    assert alone["results"] == [owned]
    assert asked.get(f"/entities/{entry}/adjacent/ownershipAsset").json()["total"]["value"] == 0
    assert asked.get(f"/entities/{entry}/adjacent/friends").status_code == 404
    yente_client = pytest.importorskip("yente_client", reason="needs yente-client")
    with yente_client.Client(api_key=own_service.token, base_url=own_service.url) as yente:
        read = yente.adjacent(entry).adjacent["ownershipOwner"].results[0]
        assert read.properties["asset"][0].caption == "Quay Optics Ltd"


def test_the_past_of_the_graph_and_strangers_to_it(asked: httpx.Client) -> None:
    for path in ("/v1/own/Nobody", "/v1/trace/Nobody", "/v1/picture/own/Nobody", "/v1/own/Quay Optics Ltd?as_of=x"):
        reply = asked.get(path)
        assert reply.headers["content-type"] == "application/problem+json", path
        assert reply.status_code in (400, 404)
    assert asked.get("/v1/exposure/Quay Optics Ltd?rate=CNY").status_code == 400


def test_a_what_if_and_the_law(asked: httpx.Client, own_service: Service, tmp_path: Path) -> None:
    sale = tmp_path / "sale.json"
    sale.write_text(json.dumps(SALE), "utf-8")
    change = "date=2021-07-01:2021-07-20"
    told = asked.post("/v1/vary", json={"transaction": SALE, "changes": [change]}).json()
    assert told == command(own_service, "determine", str(sale), "--vary", change)
    assert [s["outcome"] for s in told["varied"][0]["stretches"]] == ["no_restriction_found", "license_required"]
    law = asked.get("/v1/law/ear.affiliates.share").json()
    assert law == command(own_service, "law", "show", "ear.affiliates.share")
    assert asked.get("/v1/law/check").json()["problems"] == []
    assert "moon" in asked.get("/v1/law/moon").json()["detail"]


def test_a_publishers_file_is_read(asked: httpx.Client) -> None:
    reply = asked.post(
        "/v1/refresh/file?published=2024-05-01", content=SAMPLE.read_bytes(),
        headers={"Content-Type": "application/xml"},
    )  # fmt: skip
    reports = [json.loads(line) for line in reply.text.splitlines()]
    assert [(r["list"], r["status"]) for r in reports] == [("ca.sema", "loaded")]
    broken = asked.post("/v1/refresh/file", content=b"<x>", headers={"Content-Type": "application/xml"})
    assert all(json.loads(line)["status"] in ("refused", "error") for line in broken.text.splitlines())
    assert asked.post("/v1/refresh/file", content=b"x", headers={"Content-Type": "video/mp4"}).status_code == 415
    assert asked.post("/v1/edges", content=b"a,b\n1,2\n", headers={"Content-Type": "text/csv"}).status_code == 422


def test_what_came_near_is_told_on_request(asked: httpx.Client) -> None:
    assert "near" not in asked.get("/v1/screen?name=Hikvision").json()
    assert "near" in asked.get("/v1/screen?name=Hikvision&near=true").json()
