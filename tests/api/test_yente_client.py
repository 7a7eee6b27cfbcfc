"""The published yente-client, unchanged, sync and async, and its CSV screening, against Caveat."""

from __future__ import annotations

import asyncio
import csv
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from serving import Service

yente_client = pytest.importorskip("yente_client", reason="needs yente-client")


@pytest.fixture
def yente(service: Service):
    with yente_client.Client(api_key=service.token, base_url=service.url) as found:
        yield found


def test_match_finds_a_misspelt_name(yente) -> None:
    answer = yente.match(yente_client.Company(name=["Hikvison Digital"], country=["cn"]))
    assert "hikvision" in answer.top.caption.lower()
    assert answer.top.match == (answer.top.score >= 0.7)
    assert answer.top.explanations["token"].query == "hikvison"
    assert "us.bis.entity_list" in answer.top.datasets
    assert answer.top.properties["topics"]


def test_match_passes_over_nobody(yente) -> None:
    answer = yente.match(yente_client.Person(name=["Zebulon Quirk Applethwaite"]))
    assert answer.results == []
    assert answer.total.value == 0


def test_a_dataset_is_a_list(yente) -> None:
    answer = yente.match(yente_client.Company(name=["Hikvision"]), datasets=["us.fcc.covered_list"])
    assert {r.id.rsplit(".", 1)[0] for r in answer.results} == {"us.fcc.covered_list"}


def test_match_leaves_out_what_is_excluded(yente) -> None:
    first = yente.match(yente_client.Company(name=["Hikvision"])).top
    others = yente.match(yente_client.Company(name=["Hikvision"]), exclude_entities=[first.id])
    assert others.results
    assert first.id not in [r.id for r in others.results]


def test_a_dataset_that_is_not_there_is_an_error(yente) -> None:
    with pytest.raises(yente_client.NotFoundError, match="no dataset"):
        yente.match(yente_client.Company(name=["Hikvision"]), datasets=["moon"])


def test_what_caveat_cannot_do_is_refused(yente) -> None:
    with pytest.raises(yente_client.BadRequestError, match="changed_since"):
        yente.search("Hikvision", changed_since="2024-01-01")
    with pytest.raises(yente_client.BadRequestError, match="algorithm"):
        yente.match(yente_client.Company(name=["Hikvision"]), algorithm="logic-v9")


def test_search_fetch_and_adjacent(yente) -> None:
    found = yente.search("Hikvision", limit=3, facets=["countries", "datasets"])
    assert found.results
    assert found.facets["countries"].values[0].name == "cn"
    whole = yente.fetch(found.results[0].id)
    assert any(s.schema_ == "Sanction" for s in whole.properties["sanctions"])
    light = yente.fetch(found.results[0].id, nested=False)
    assert "sanctions" not in light.properties
    tied = yente.adjacent(whole.id)
    assert tied.adjacent["sanctions"].total.value == len(whole.properties["sanctions"])
    assert yente.adjacent(whole.id, prop="sanctions", limit=1).results[0].schema_ == "Sanction"


def test_fetch_of_nobody_is_not_found(yente) -> None:
    with pytest.raises(yente_client.NotFoundError, match="no entry"):
        yente.fetch("Q-nobody")


def test_catalog_algorithms_and_health(yente) -> None:
    assert yente.healthz().status == "ok"
    assert yente.readyz().status == "ok"
    assert "us.bis.entity_list" in [d.name for d in yente.datasets().datasets]
    algorithms = yente.algorithms()
    assert algorithms.best in [a.name for a in algorithms.algorithms]


def test_a_wrong_key_opens_nothing(service: Service) -> None:
    with (
        yente_client.Client(api_key="wrong", base_url=service.url) as client,
        pytest.raises((yente_client.AuthenticationError, yente_client.RateLimitError)),
    ):
        client.search("Hikvision")


def test_many_side_by_side(yente) -> None:
    parties = [
        (str(n), yente_client.Company(name=[name])) for n, name in enumerate(["Hikvison", "Dahua", "Nobody Ltd"])
    ]
    answers = dict(yente.match_iter(parties, workers=3))
    assert sorted(answers) == ["0", "1", "2"]
    assert answers["0"].results
    assert not answers["2"].results


def test_the_async_client(service: Service) -> None:
    async def ask() -> tuple:
        async with yente_client.AsyncClient(api_key=service.token, base_url=service.url) as client:
            match = await client.match(yente_client.Company(name=["Dahua Technology"]))
            search = await client.search("Megvii")
            entity = await client.fetch(search.results[0].id)
            return match, search, entity, await client.adjacent(entity.id)

    with ThreadPoolExecutor(1) as beside:  # another test may have left a loop running in this thread
        match, search, entity, tied = beside.submit(lambda: asyncio.run(ask())).result()
    assert "dahua" in match.top.caption.lower()
    assert entity.id == search.results[0].id == tied.entity.id


def test_its_csv_screening(service: Service, tmp_path: Path) -> None:
    pytest.importorskip("typer")
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,company,land\n1,Hikvison Digital,cn\n2,Nobody At All Limited,fr\n", "utf-8")
    words = ["screen", str(source), str(target), "-s", "Company", "-i", "company=name", "-i", "land=country"]
    done = subprocess.run(
        [sys.executable, "-c", "from yente_client.cli.main import app; app()", *words],
        env={**os.environ, "YENTE_BASE_URL": service.url, "OPENSANCTIONS_API_KEY": service.token},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(target.open(encoding="utf-8")))
    assert "hikvision" in rows[0]["match_caption"].lower()
    assert not any(r["id"] == "2" and r["match_id"] for r in rows)


def test_statements_say_which_list_states_a_value(yente) -> None:
    top = yente.match(yente_client.Company(name=["Hangzhou Hikvision Digital Technology"])).top
    whole = yente.statements(canonical_id=top.id, limit=5000)
    assert {s.canonical_id for s in whole.results} == {top.id}
    assert {s.dataset for s in whole.results} == set(top.datasets)
    names = yente.statements(entity_id=top.id, prop="name").results
    assert [s.value for s in names] == top.properties["name"]
    assert yente.statements(canonical_id=top.id, dataset="us.fcc.covered_list", limit=1).total.value < whole.total.value
    with pytest.raises(yente_client.BadRequestError, match="canonical_id"):
        yente.statements(dataset="default")
