"""Every JSON answer keeps the schema that ships with the package."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from caveat.cli import run

SDN = b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'


def schema(name: str) -> dict[str, object]:
    return dict(json.loads((files("caveat.model") / "schema" / f"{name}.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("ledger") / "caveat.sqlite")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("screen", ["screen", "Hikvison Digital", "--near"]),
        ("screen", ["screen", "Quentin Nobody-Atall"]),
        ("compare", ["compare", "Hikvision", "Hikvison"]),
        ("lists", ["lists"]),
        ("lists", ["lists", "--as-of", "2020-01-01", "--known", "2020-01-01"]),
        ("show", ["show", "NetPosa"]),
        ("show", ["show", "Tianyao Weiye"]),
        ("history", ["history", "Dahua Technology"]),
        ("changes", ["changes", "2019-10-08", "2019-10-09"]),
        ("disagreements", ["disagreements", "us.bis.entity_list"]),
        ("verify", ["verify"]),
    ],
)
def test_an_answer_keeps_its_schema(db: str, name: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run(["--db", db, *words, "--format", "json"])
    jsonschema.validate(json.loads(capsys.readouterr().out), schema(name))


def test_a_refresh_keeps_its_schema(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sdn.csv"
    path.write_bytes(SDN)
    assert run(["--db", db, "refresh", "--from", str(path), "--published", "2021-01-01", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, schema("refresh"))
    assert [(r["list"], r["rows"], r["added"]) for r in told["lists"]] == [("us.ofac.sdn", 1, 1)]


def test_a_schema_refuses_what_is_not_of_it() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": "1", "query": {}, "hits": [], "status": "clear"}, schema("screen"))
