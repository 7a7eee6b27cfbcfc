"""OpenRefine's protocol: every answer in the form that the published JSON schemas of version 0.2 ask for.

The forms below say in Pydantic what those schemas say (https://reconciliation-api.github.io/specs/0.2/): required
fields, types, and nothing beside one kind of value in a cell.
"""

from __future__ import annotations

import json
from typing import Any, Literal

import httpx
import pytest
from serving import Service

pydantic = pytest.importorskip("pydantic", reason="needs caveat[serve]")

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr  # noqa: E402


class Named(BaseModel):
    id: StrictStr
    name: StrictStr
    description: StrictStr | None = None


class Place(BaseModel):
    service_url: StrictStr
    service_path: StrictStr


class View(BaseModel):
    url: StrictStr = Field(pattern=r"\{\{id\}\}")


class Suggest(BaseModel):
    entity: Place
    property: Place
    type: Place


class Extend(BaseModel):
    propose_properties: Place
    property_settings: list[dict[str, Any]]


class Authentication(BaseModel):
    type: Literal["apiKey"]
    name: StrictStr
    in_: Literal["query"] = Field(alias="in")


class Preview(View):
    width: StrictInt
    height: StrictInt


class Manifest(BaseModel):
    versions: list[StrictStr]
    name: StrictStr
    identifierSpace: StrictStr  # noqa: N815 - the protocol's word
    schemaSpace: StrictStr  # noqa: N815
    defaultTypes: list[Named]  # noqa: N815
    authentication: Authentication
    view: View
    preview: Preview
    suggest: Suggest
    extend: Extend


class Feature(BaseModel):
    id: StrictStr
    value: StrictBool | StrictInt | StrictFloat


class Candidate(Named):
    score: StrictInt | StrictFloat
    match: StrictBool
    type: list[Named]
    features: list[Feature]


class Candidates(BaseModel):
    result: list[Candidate]


class Suggested(BaseModel):
    result: list[Named]


class Cell(BaseModel):
    model_config = ConfigDict(extra="forbid")
    str: StrictStr


class Columns(BaseModel):
    meta: list[Named]
    rows: dict[str, dict[str, list[Cell]]]


class Proposed(BaseModel):
    type: StrictStr
    properties: list[Named]
    limit: StrictInt


QUERIES = {
    "q0": {"query": "Hikvison Digital", "type": "Company", "limit": 2, "properties": [{"pid": "country", "v": "cn"}]},
    "q1": {"query": "海康威视", "type": {"id": "Organization"}},
    "q2": {"query": "Nobody Whatsoever Ltd", "properties": [{"pid": "address", "v": ["a", {"id": "x"}]}]},
}


def test_the_manifest_has_the_published_form(client: httpx.Client) -> None:
    reply = client.get("/reconcile/default")
    found = Manifest.model_validate(reply.json())
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "0.2" in found.versions
    for place in (found.suggest.entity, found.suggest.property, found.suggest.type, found.extend.propose_properties):
        assert client.get(place.service_path, params={"prefix": "Hik"}).status_code == 200
    entry = client.get("/v1/screen", params={"name": "Hikvision"}).json()["hits"][0]["entry_id"]
    assert client.get(found.view.url.replace("{{id}}", entry)).status_code == 200


def test_a_client_without_headers_gets_everywhere_by_its_address(service: Service) -> None:
    """OpenRefine adds `prefix` to a suggestion's address, and puts an id into the preview's; it sends no header."""
    with httpx.Client(timeout=60, headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}) as refine:
        root = f"{service.url}/reconcile/default"
        assert refine.get(root).status_code == 401
        found = Manifest.model_validate(refine.get(root, params={"api_key": service.token}).json())
        assert found.authentication.name == "api_key"
        hits = refine.post(f"{root}?api_key={service.token}", data={"queries": '{"q": {"query": "Hikvision"}}'}).json()
        for place in (found.suggest.entity, found.suggest.property, found.suggest.type):
            reply = refine.get(f"{place.service_url}{place.service_path}&prefix=a")
            assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, "*")
        columns = found.extend.propose_properties
        assert refine.get(f"{columns.service_url}{columns.service_path}&type=Company").status_code == 200
        shown = refine.get(found.preview.url.replace("{{id}}", hits["q"]["result"][0]["id"]))
        assert "Hikvision" in shown.text
        assert "frame-ancestors *; sandbox" in shown.headers["content-security-policy"]
        assert service.token not in refine.get(f"{root}?api_key={service.token}x").text


def test_nothing_runs_in_a_preview(client: httpx.Client) -> None:
    entry = client.get("/v1/screen", params={"name": "Hikvision"}).json()["hits"][0]["entry_id"]
    shown = client.get("/reconcile/default/preview", params={"id": entry})
    assert "<script" not in shown.text
    assert client.get("/reconcile/default/preview", params={"id": "<script>"}).headers["content-type"] == (
        "application/problem+json"
    )


def test_candidates_have_the_published_form(client: httpx.Client) -> None:
    reply = client.post("/reconcile/default", data={"queries": json.dumps(QUERIES)}).json()
    found = {key: Candidates.model_validate(part) for key, part in reply.items()}
    assert set(found) == set(QUERIES)
    assert len(found["q0"].result) == 2
    assert "hikvision" in found["q1"].result[0].name.lower()
    assert found["q2"].result == []
    assert client.get("/reconcile/default", params={"queries": json.dumps(QUERIES)}).json() == reply


@pytest.mark.parametrize("what", ["entity", "property", "type"])
def test_suggestions_have_the_published_form(client: httpx.Client, what: str) -> None:
    prefix = {"entity": "Hikvisio", "property": "cou", "type": "Per"}[what]
    reply = client.get(f"/reconcile/default/suggest/{what}", params={"prefix": prefix}).json()
    assert Suggested.model_validate(reply).result


def test_columns_are_added_in_the_published_form(client: httpx.Client) -> None:
    hit = client.get("/v1/screen", params={"name": "Hikvision", "lists": "us.bis.entity_list"}).json()["hits"][0]
    offered = Proposed.model_validate(client.get("/reconcile/default/properties?type=Company&limit=50").json())
    asked = {"ids": [hit["entry_id"]], "properties": [{"id": p.id} for p in offered.properties]}
    found = Columns.model_validate(client.post("/reconcile/default", data={"extend": json.dumps(asked)}).json())
    row = found.rows[hit["entry_id"]]
    assert [c.str for c in row["status"]] == ["listed"]
    assert [c.str for c in row["effective_on"]] == ["2019-10-09"]
    assert "us.fcc.covered_list" in [c.str for c in row["lists"]]
    assert [m.id for m in found.meta] == [p.id for p in offered.properties]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("queries", "{"), ("queries", "[]"), ("queries", '{"q": 1}'),
        ("queries", '{"q": {"query": "x", "limit": true}}'),
        ("queries", '{"q": {"query": "x", "type": "Moon"}}'), ("extend", "{}"), ("extend", '{"ids": 1}'),
        ("extend", '{"ids": ["x"], "properties": [{"id": "moon"}]}'),
        ("extend", '{"ids": ["x"], "properties": [1]}'),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem(client: httpx.Client, field: str, text: str) -> None:
    reply = client.post("/reconcile/default", data={field: text})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
