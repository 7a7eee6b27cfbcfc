"""Every command of the contract that a service can answer gives the same JSON there, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import Service, serve

from caveat.cli import run

HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
EDGES = (
    "from,to,type,pct,from_country,to_country,source\n"
    f'"{HIKVISION}",Quay Optics Ltd,owns,60,CN,GB,"annual report, p. 4"\n'
    "Quay Optics Ltd,Quay Lenses GmbH,owns,51,GB,DE,register\n"
    "Quay Glass SA,Quay Lenses GmbH,supplies,,FR,DE,invoice\n"
    "Quay Lenses GmbH,Quay Camera,makes,,DE,,data sheet\n"
    "Quay Camera,Quay Blank,contains,,,,bill of materials\n"
)
SALE: dict[str, Any] = {
    "date": "2021-07-01", "activity": "export", "destination": "CN",
    "item": {"eccn": "EAR99", "origin": "US", "location": "US"},
    "parties": [{"name": "Xinjiang Sailing Information Technology Co., Ltd.", "role": "end_user"}],
}  # fmt: skip
ARTICLE = "The Commerce Department added Leon Technology to the Entity List on July 12, 2021."
PAIRS = 'kind,name1,name2,note\norganization,Dahua Technology,Zhejiang Dahua,a\n,"",Huawei,b\n'
#: What differs from one call to the next, or is told by the door alone.
VOLATILE = {"at", "page", "file", "receipt_id", "digest", "sha256", "hash", "written_at"}
Answer = Callable[..., Any]


def post(path: str, **given: Any) -> dict[str, Any]:
    return {"method": "POST", "url": path, **given}


def get(path: str, **params: Any) -> dict[str, Any]:
    return {"method": "GET", "url": path, "params": params}


CSV = {"Content-Type": "text/csv"}
TEXT = {"Content-Type": "text/plain"}
ENTRY = "us.bis.entity_list.0a1b"  # stands for Hikvision's entry, which the fixture puts in its place
#: The words of the command (a Path is a file of that text), and the request.
SAME: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("lists", ("lists",), get("/v1/lists")),
    ("lists then", ("lists", "--as-of", "2019-10-08"), get("/v1/lists", as_of="2019-10-08")),
    ("screen", ("screen", "Hikvison Digital", "--near"), get("/v1/screen", name="Hikvison Digital", near=True)),
    ("screen with all", ("screen", "Dahua", "--country", "cn", "--lists", "us.bis.entity_list,us.ofac.ns_cmic",
                         "--limit", "3", "--threshold", "0.2", "--kind", "organization", "--known", "2022-01-01"),
     post("/v1/screen", json={"name": "Dahua", "country": "cn", "lists": ["us.bis.entity_list", "us.ofac.ns_cmic"],
                              "limit": 3, "threshold": 0.2, "kind": "organization", "known": "2022-01-01"})),
    ("compare", ("compare", "Dahua", "Da Hua", "--kind", "organization"),
     get("/v1/compare", name1="Dahua", name2="Da Hua", kind="organization")),
    ("show", ("show", ENTRY), get(f"/v1/show/{ENTRY}")),
    ("show a name", ("show", "Hikvision", "--as-of", "2020-06-01"), get("/v1/show/Hikvision", as_of="2020-06-01")),
    ("history", ("history", ENTRY, "--known", "2023-01-01"), get(f"/v1/history/{ENTRY}", known="2023-01-01")),
    ("changes", ("changes", "2021-06-01", "2021-08-01", "--list", "us.bis.entity_list"),
     {"method": "GET", "url": "/v1/changes?from=2021-06-01&to=2021-08-01&list=us.bis.entity_list"}),
    ("disagreements", ("disagreements", "us.bis.entity_list"), get("/v1/disagreements/us.bis.entity_list")),
    ("determine", ("determine", SALE), post("/v1/determine", json=SALE)),
    ("determine then", ("determine", SALE, "--known", "2021-06-01"),
     post("/v1/determine?known=2021-06-01", json=SALE)),
    ("vary", ("determine", SALE, "--vary", "item.eccn=EAR99,3A991"),
     post("/v1/vary", json={"transaction": SALE, "changes": ["item.eccn=EAR99,3A991"]})),
    ("check", ("check", HIKVISION, "--eccn", "EAR99", "--date", "2021-03-01", "--destination", "CN", "--origin", "US",
               "--location", "US", "--country", "CN", "--us-person", "--role", "seller"),
     post("/v1/check", json={"name": HIKVISION, "eccn": "EAR99", "date": "2021-03-01", "destination": "CN",
                             "origin": "US", "location": "US", "country": "CN", "us_person": True,
                             "role": "seller"})),
    ("law show", ("law", "show", "ear.affiliates.share"), get("/v1/law/ear.affiliates.share")),
    ("law check", ("law", "check"), get("/v1/law/check")),
    ("read", ("read", ARTICLE), post("/v1/read", content=ARTICLE, headers=TEXT)),
    ("read and reconcile", ("read", ARTICLE, "--reconcile", "--published", "2021-07-13"),
     post("/v1/read?reconcile=true&published=2021-07-13", content=ARTICLE, headers=TEXT)),
    ("own", ("own", "Quay Lenses GmbH"), get("/v1/own/Quay Lenses GmbH")),
    ("own if listed", ("own", "Quay Lenses GmbH", "--if-listed", "Quay Optics Ltd"),
     get("/v1/own/Quay Lenses GmbH", if_listed="Quay Optics Ltd")),
    ("exposure", ("exposure", "Quay Lenses GmbH", "--country", "FR", "--rate", "CNY=0.14"),
     get("/v1/exposure/Quay Lenses GmbH", country="FR", rate="CNY=0.14")),
    ("exposure of a portfolio", ("exposure", "Quay Optics Ltd", "--portfolio", "name\nQuay Lenses GmbH\nNobody Ltd\n"),
     get("/v1/exposure/Quay Optics Ltd", portfolio=["Quay Lenses GmbH", "Nobody Ltd"])),
    ("blast", ("blast", "Quay Optics Ltd", "name\nQuay Lenses GmbH\nNobody Ltd\n"),
     post("/v1/blast", json={"party": "Quay Optics Ltd", "portfolio": ["Quay Lenses GmbH", "Nobody Ltd"]})),
    ("trace", ("trace", "Quay Camera"), get("/v1/trace/Quay Camera")),
    ("trace all", ("trace", "--all"), get("/v1/trace")),
    ("confirm", ("confirm", "Hikvison", ENTRY, "--why", "the same number"),
     post("/v1/confirm", json={"query": "Hikvison", "entry": ENTRY, "why": "the same number", "who": "tester"})),
    ("reject", ("reject", "Hikvison", ENTRY, "--why", "another country", "--country", "us"),
     post("/v1/reject", json={"query": "Hikvison", "entry": ENTRY, "why": "another country", "who": "tester",
                              "country": "us"})),
    ("verify", ("verify",), get("/v1/verify")),
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("same")
    with serve(folder / "caveat.sqlite", folder / "private") as found:
        yield found


@pytest.fixture(scope="module")
def asked(place: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.url, headers=place.headers, timeout=120) as client:
        told = client.post("/v1/edges?dataset=quay", content=EDGES, headers=CSV)
        assert told.json()["complaints"] == [], told.text
        yield client


@pytest.fixture
def entry(asked: httpx.Client) -> str:
    return str(asked.get("/v1/show/Hikvision").json()["entry_id"])


@pytest.fixture
def command(
    place: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Answer:
    """The JSON of a command over the same database; a mapping or a text of several words or lines is a file."""
    monkeypatch.setenv("CAVEAT_WHO", "tester")
    monkeypatch.setenv("CAVEAT_INDEX", str(place.folder / "index"))

    def call(*words: Any, form: str = "json", code: int | None = None) -> Any:
        typed = []
        for n, word in enumerate(words):
            if isinstance(word, dict) or word == ARTICLE or "\n" in word:
                ending = "json" if isinstance(word, dict) else "csv" if "\n" in word else "txt"
                path = tmp_path / f"{n}.{ending}"
                path.write_text(json.dumps(word) if isinstance(word, dict) else word, "utf-8")
                word = str(path)
            typed.append(word)
        capsys.readouterr()
        done = run(["--db", f"{place.folder.parent}/caveat.sqlite", "--format", form, *typed])
        out, error = capsys.readouterr()
        assert done in ((0, 1) if code is None else (code,)), error
        return json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]

    return call


def lasting(value: Any) -> Any:
    """A value without what differs from one call to the next."""
    if isinstance(value, dict):
        return {k: lasting(v) for k, v in value.items() if k not in VOLATILE}
    return [lasting(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("words", "request_"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_a_route_answers_as_its_command(
    words: tuple[Any, ...], request_: dict[str, Any], asked: httpx.Client, command: Answer, entry: str
) -> None:
    given = json.loads(json.dumps(request_).replace(ENTRY, entry))
    reply = asked.request(**given)
    assert reply.status_code == 200, reply.text
    told = command(*(entry if word == ENTRY else word for word in words))
    assert lasting(reply.json()) == lasting(told)
    assert set(told) <= set(reply.json())


def test_a_stored_determination_is_replayed_as_the_command_does(asked: httpx.Client, command: Answer) -> None:
    stored = asked.post("/v1/determine", json=SALE).json()
    assert asked.post("/v1/replay", json=stored).json() == command("replay", stored)
    then = asked.post("/v1/replay?known=2021-06-01", json=stored).json()
    assert then == command("replay", stored, "--known", "2021-06-01")


def test_a_receipt_is_the_commands(asked: httpx.Client, command: Answer, tmp_path: Path) -> None:
    reply = asked.post("/v1/receipt", json={"name": "Hikvison Digital"}).json()
    command("screen", "Hikvison Digital", "--receipt", str(tmp_path / "r.json"))
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert lasting(reply) == lasting(told)
    assert set(reply) == set(told)


def test_pairs_are_compared_row_by_row(asked: httpx.Client, command: Answer) -> None:
    reply = asked.post("/v1/compare/pairs", content=PAIRS, headers=CSV)
    rows = [json.loads(line) for line in reply.text.splitlines()]
    assert rows == command("compare", "--pairs", PAIRS, form="jsonl", code=3)  # the second row names nobody
    assert [(row["note"], row["verdict"] == "error") for row in rows] == [("a", False), ("b", True)]
    refused = asked.post("/v1/compare/pairs", content="a,b\n1,2\n", headers=CSV)
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert "name1" in refused.json()["detail"]


@pytest.mark.parametrize(("layout", "ending"), [("csv", "csv"), ("bods", "json"), ("ftm", "jsonl"), ("psc", "jsonl")])
def test_edges_leave_as_the_command_writes_them(
    layout: str, ending: str, asked: httpx.Client, command: Answer, tmp_path: Path
) -> None:
    reply = asked.get("/v1/edges", params={"layout": layout})
    told = command("write-edges", str(tmp_path / f"edges.{ending}"), "--layout", layout)
    assert reply.content == (tmp_path / f"edges.{ending}").read_bytes()
    assert (reply.headers["x-edges"], reply.headers["x-left-out"]) == (str(told["edges"]), str(told["left_out"]))
    assert asked.get("/v1/edges?dataset=none").status_code == 400
