"""The commands as a person or a program types them: forms, exit codes, one clear line for every error."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shared_data import shared

from caveat.cli import run

Caveat = Callable[..., "Output"]
SDN = '{n},"{name}","individual","CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 01 Jan 1960."\r\n'


class Output:
    """What a command printed and its exit code."""

    def __init__(self, code: int, out: str, error: str) -> None:
        self.code, self.out, self.error = code, out, error

    @property
    def data(self) -> Any:
        """Standard output, which must be one JSON value and nothing else."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def caveat(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caveat:
    """Run a command on a ledger of this test alone."""
    monkeypatch.setenv("CAVEAT_DB", str(tmp_path / "ledger.sqlite"))
    monkeypatch.setenv("CAVEAT_WHO", "a tester")
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Output:
        capsys.readouterr()
        code = run([str(w) for w in words])
        out, error = capsys.readouterr()
        return Output(code, out, error)

    return call


def sdn(folder: Path, day: str, names: list[str]) -> Path:
    """An SDN file of one day."""
    path = folder / f"sdn_{day}.csv"
    path.write_text("".join(SDN.format(n=n, name=name) for n, name in enumerate(names, start=100)) + "\x1a", "ascii")
    return path


NAMES = [f"PEREZ {letter * 3}, Juan" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lists", "--as-of", "yesterday"], "--as-of"),
        (["lists", "--as-of", "2021-02-30"], "--as-of"),
        (["lists", "--known", "20210101"], "--known"),
        (["changes", "2021-01-01"], "issing"),
        (["changes", "2021-02-01", "2021-01-01"], "before"),
        (["changes", "2021-01-01", "2021-02-01", "--list", "us.bis.entitylist"], "us.bis.entity_list"),
        (["show", "No Such Party Anywhere"], "No Such Party Anywhere"),
        (["history", "us.bis.entity_list.aaaaaaaaaa"], "us.bis.entity_list.aaaaaaaaaa"),
        (["refresh", "us.nothing", "--from", "x.csv"], "us.nothing"),
        (["refresh", "--from", "absent.csv"], "absent.csv"),
        (["refresh", "--from", "absent.csv", "--published", "soon"], "--published"),
        (["refresh", "--from", "x.csv", "--mapping", "absent.yaml"], "absent.yaml"),
        (["screen", "absent.csv"], "absent.csv"),
        (["screen", "absent.csv", "--out", "o.jsonl"], "absent.csv"),
        (["screen", "x", "--kind", "robot"], "robot"),
        (["screen", "x", "--lists", "us.nothing"], "us.nothing"),
        (["screen", ""], "name"),
        (["compare", "one"], "two names"),
        (["compare", "--pairs", "absent.csv"], "absent.csv"),
        (["reject", "Hikvision", "nobody.1", "--why", "x"], "nobody.1"),
        (["disagreements", "us.nothing"], "us.nothing"),
        (["lists", "--as-of", ""], "--as-of"),
        (["lists", "--known", " "], "--known"),
        (["nonsense"], "nonsense"),
        (["lists", "--format", "xml"], "xml"),
        (["lists", "--nonsense"], "--nonsense"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_2(caveat: Caveat, words: list[str], says: str) -> None:
    done = caveat(*words)
    assert done.code == 2, done
    assert done.out == ""
    assert says in done.error
    assert len(done.error.strip().splitlines()) == 1
    assert "Traceback" not in done.error


def test_a_fresh_install_answers_at_once(caveat: Caveat) -> None:
    shown = caveat("show", "Hikvision")
    assert shown.code == 0
    for words in ("84 FR 54002", "2019-10-09", "744.11", "starter"):
        assert words in shown.out, words
    data = caveat("show", "Hikvision", "--format", "json").data
    assert str(data["schema_version"]) == "1"
    assert data["effective_on"] == "2019-10-09"
    assert data["license_requirement"] and data["license_review_policy"]
    assert any("海康" in n["text"] for n in data["names"])
    assert data["basis"]["not_covered"]
    assert {p["list"] for p in data["same_party"]} >= {"us.ofac.ns_cmic", "us.fcc.covered_list"}


def test_lists_tells_coverage_and_what_is_not_loaded(caveat: Caveat, tmp_path: Path) -> None:
    caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", NAMES))
    data = caveat("lists", "--format", "json").data
    (row,) = [r for r in data["lists"] if r["list"] == "us.ofac.sdn"]
    assert set(row) >= {
        "list", "title", "authority", "entries", "as_of", "published_on", "snapshot", "overdue", "starter",
    }  # fmt: skip
    assert (row["as_of"], row["overdue"], row["starter"]) == ("2020-01-01", True, False)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", row["snapshot"])
    missing = {m["list"]: m["why"] for m in data["not_loaded"]}
    assert "us.ofac.sdn" not in missing
    assert missing["us.bis.entity_list"] and missing["un.sc"]
    assert set(data["as_of"]) == {"in_force", "known"}
    earlier = caveat("--as-of", "2019-10-08", "--known", "2019-10-08", "lists", "--format", "json").data
    (old,) = [r for r in earlier["lists"] if r["list"] == "us.ofac.sdn"]
    assert old["starter"]
    assert "us.ofac.sdn" in {m["list"] for m in earlier["not_loaded"]}


def test_refresh_reports_and_its_exit_codes(caveat: Caveat, tmp_path: Path) -> None:
    first = caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", NAMES), "--format", "json")
    assert first.code == 0
    (row,) = first.data["lists"]
    assert (row["list"], row["status"], row["rows"], row["added"]) == ("us.ofac.sdn", "loaded", 24, 24)
    assert row["as_of"] == "2020-01-01" and row["snapshot"].startswith("sha256:") and row["unread"] == {}
    again = caveat("refresh", "--from", tmp_path / "sdn_2020-01-01.csv", "--format", "json")
    assert (again.code, again.data["lists"][0]["status"]) == (0, "unchanged")
    shrunk = caveat("refresh", "--from", sdn(tmp_path, "2020-02-01", NAMES[:10]), "--format", "json")
    assert shrunk.code == 3
    assert shrunk.data["lists"][0]["status"] == "refused"
    assert "--accept" in shrunk.data["lists"][0]["why"]
    accepted = caveat("refresh", "--from", tmp_path / "sdn_2020-02-01.csv", "--accept", "--format", "json")
    assert (accepted.code, accepted.data["lists"][0]["removed"]) == (0, 14)
    (tmp_path / "sdn_2020-03-01.csv").write_bytes(b"")
    empty = caveat("refresh", "--from", tmp_path / "sdn_2020-03-01.csv")
    assert empty.code == 3
    assert "sdn_2020-03-01.csv" in empty.out + empty.error
    assert caveat("verify").code == 0


def test_changes_exit_1_where_something_changed(caveat: Caveat, tmp_path: Path) -> None:
    caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", NAMES))
    caveat("refresh", "--from", sdn(tmp_path, "2020-02-01", [*NAMES[:-1], "GOMEZ, Ana", "RUIZ, Eva"]), "--accept")
    found = caveat("changes", "2020-01-01", "2020-02-01", "--list", "us.ofac.sdn", "--format", "json")
    assert found.code == 1
    assert found.data["counts"]["added"] + found.data["counts"]["amended"] >= 2
    assert {c["kind"] for c in found.data["changes"]} <= {"added", "amended", "removed"}
    assert all(c["source"]["snapshot"].startswith("sha256:") for c in found.data["changes"])
    none = caveat("changes", "2020-02-01", "2020-03-01", "--list", "us.ofac.sdn", "--format", "json")
    assert (none.code, none.data["changes"]) == (0, [])


def test_a_name_with_brackets_stands_as_listed(caveat: Caveat, tmp_path: Path) -> None:
    strange = ["ACME [bold] CO", "[/x] TRADING", "SMILE :smile: LTD"]
    caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", ["PLAIN"]))
    caveat("refresh", "--from", sdn(tmp_path, "2020-02-01", ["PLAIN", *strange]))
    told = caveat("changes", "2020-01-15", "2020-02-15")
    assert told.code == 1 and all(name in told.out for name in strange)
    assert all(name in caveat("show", name).out for name in strange)


def test_many_changes_are_one_line_each(caveat: Caveat, tmp_path: Path) -> None:
    names = [
        f"PARTY NUMBER {n} WITH A NAME THAT IS LONG ENOUGH TO BE FOLDED IN A TABLE FITTED TO A PAGE" for n in range(500)
    ]
    caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", ["PLAIN"]))
    caveat("refresh", "--from", sdn(tmp_path, "2020-02-01", ["PLAIN", *names]))
    told = caveat("changes", "2020-01-15", "2020-02-15")
    lines = [line for line in told.out.splitlines() if "PARTY NUMBER" in line]
    assert told.code == 1 and len(lines) == len(names)
    assert all(name in told.out for name in names)


def test_screen_and_words_on_hits(caveat: Caveat, tmp_path: Path) -> None:
    hit = caveat("screen", "Hikvison Digital", "--format", "json")
    assert hit.code == 1
    assert hit.data["status"] == "hits"
    best = hit.data["hits"][0]
    assert set(best) >= {
        "entry_id", "list", "name", "matched_name", "score", "rank", "evidence", "status", "effective_on", "citation",
        "source",
    }  # fmt: skip
    assert best["evidence"] and best["rank"] == 1
    said = caveat("reject", "Hikvison Digital", best["entry_id"], "--why", "our supplier is another firm")
    assert said.code == 0
    again = caveat("screen", "Hikvison Digital", "--format", "json").data
    (word,) = [h["word"] for h in again["hits"] if h["entry_id"] == best["entry_id"]]
    assert (word["said"], word["who"], word["stands"]) == ("rejected", "a tester", True)
    assert word["why"] == "our supplier is another firm"
    other = caveat("screen", "Hikvison Digital", "--country", "CN", "--format", "json").data
    assert all(h["word"] is None for h in other["hits"]), "said of another record of the customer"
    none = caveat("screen", "Zzyzx Quuxington Umbrellas", "--format", "json")
    assert (none.code, none.data["status"], none.data["hits"]) == (0, "no_hit", [])
    assert none.data["basis"]["not_covered"]
    assert "clear" not in caveat("screen", "Zzyzx Quuxington Umbrellas").out.lower().replace("clearance", "")


def test_a_word_without_reason_or_person_is_refused(caveat: Caveat, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = caveat("screen", "Hikvision", "--format", "json").data["hits"][0]["entry_id"]
    assert caveat("confirm", "Hikvision", entry, "--why", "  ").code == 2
    for name in ("CAVEAT_WHO", "USER", "LOGNAME"):
        monkeypatch.delenv(name, raising=False)
    nobody = caveat("confirm", "Hikvision", entry, "--why", "it is them")
    assert nobody.code == 2
    assert "--who" in nobody.error


def test_a_receipt_is_dated_and_names_its_lists(caveat: Caveat, tmp_path: Path) -> None:
    done = caveat("screen", "Hikvision", "--receipt", tmp_path / "r.json", "--format", "json")
    receipt = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", receipt["at"])
    assert receipt["answer"]["hits"] == done.data["hits"]
    assert receipt["answer"]["basis"]["lists"] and receipt["version"]
    import hashlib

    text = json.dumps(receipt["answer"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert receipt["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    bad = caveat("screen", "Hikvision", "--receipt", tmp_path / "r.docx")
    assert bad.code in (2, 3) and "r.docx" in bad.error
    bad = caveat("screen", "Hikvision", "--receipt", tmp_path / "absent" / "r.json")
    assert bad.code in (2, 3) and "absent" in bad.error


def test_a_file_of_counterparties_in_every_form(caveat: Caveat, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,name,country\n1,Hikvision,CN\n2,Zzyzx Quuxington Umbrellas,US\n3,,US\n", "utf-8")
    lines = caveat("screen", path, "--format", "jsonl")
    assert lines.code == 3, "a row could not be screened"
    assert [x["status"] for x in lines.lines] == ["hits", "no_hit", "error"]
    assert [x["query"]["id"] for x in lines.lines] == ["1", "2", "3"]
    rows = list(csv.DictReader(io.StringIO(caveat("screen", path, "--format", "csv").out)))
    assert {r["query_id"] for r in rows} == {"1", "2", "3"}
    out = tmp_path / "answers.jsonl"
    assert caveat("screen", path, "--out", out).code == 3
    written = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [x["status"] for x in written] == ["hits", "no_hit", "error"]
    path.write_text("name\nZzyzx Quuxington Umbrellas\n", "utf-8")
    assert caveat("screen", path, "--format", "jsonl").code == 0
    path.write_text("name\nHikvision\n", "utf-8")
    assert caveat("screen", path, "--format", "jsonl").code == 1


def test_json_is_never_mixed_with_anything_else(caveat: Caveat, tmp_path: Path) -> None:
    assert caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", NAMES), "--format", "json").data
    for words in (
        ["lists"], ["show", "Hikvision"], ["history", "Hikvision"], ["changes", "2019-01-01", "2020-12-31"],
        ["screen", "Hikvision"], ["compare", "Alpha Works", "Alfa Works"], ["verify"],
        ["disagreements", "us.bis.entity_list"], ["backup", str(tmp_path / "b.sqlite")],
    ):  # fmt: skip
        done = caveat(*words, "--format", "json")
        assert done.code in (0, 1), (words, done.error)
        assert str(done.data["schema_version"]) == "1", words
        assert done.error == "", words


@pytest.mark.parametrize("words", [["lists"], ["show", "Hikvision"], ["history", "Hikvision"], ["screen", "Hikvision"]])
def test_csv_and_lines_of_every_answer(caveat: Caveat, words: list[str]) -> None:
    table = list(csv.reader(io.StringIO(caveat(*words, "--format", "csv").out)))
    assert len(table) > 1
    assert len({len(row) for row in table}) == 1
    assert len(caveat(*words, "--format", "jsonl").lines) >= 1


def test_a_cell_that_a_spreadsheet_would_run_is_defused(caveat: Caveat, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('name\n"=HYPERLINK(""http://x"",""Hikvision"")"\n', "utf-8")
    for row in csv.reader(io.StringIO(caveat("screen", path, "--format", "csv").out)):
        assert not any(cell.startswith(("=", "@", "+")) for cell in row)


def test_general_options_stand_before_or_after(caveat: Caveat) -> None:
    one = caveat("--as-of", "2019-10-08", "--format", "json", "show", "Hikvision").data
    two = caveat("show", "Hikvision", "--as-of=2019-10-08", "--format=json").data
    assert one == two
    assert one["as_of"]["in_force"] == "2019-10-08"


def test_a_database_that_is_none_is_one_line(caveat: Caveat, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100, "utf-8")
    done = caveat("--db", tmp_path / "letter.txt", "lists")
    assert done.code in (2, 3)
    assert "letter.txt" in done.error and len(done.error.strip().splitlines()) == 1
    assert caveat("--db", "mysql://x/y", "lists").code == 2
    memory = caveat("--db", "sqlite:///:memory:", "lists", "--format", "json")
    assert memory.code == 0 and memory.data["lists"]


@pytest.mark.parametrize(
    "name", ["\x00", "\ud800", "a" * 100_000, "-", "--", "%s%n{0}", "'; DROP TABLE saying; --", "🏭"]
)
def test_hostile_names_are_an_answer_or_one_line(caveat: Caveat, name: str) -> None:
    for words in (["screen", "--", name], ["show", "--", name], ["history", "--", name]):
        done = caveat(*words)
        assert done.code in (0, 1, 2, 3)
        assert "Traceback" not in done.error
        assert len(done.error.strip().splitlines()) <= 1
    assert caveat("verify").code == 0


def test_a_backup_is_one_command(caveat: Caveat, tmp_path: Path) -> None:
    assert caveat("backup", tmp_path / "copy.sqlite").code == 0
    assert (
        caveat("verify", "--format", "json").data["digest"]
        == (caveat("--db", tmp_path / "copy.sqlite", "verify", "--format", "json").data["digest"])
    )
    assert caveat("backup", tmp_path / "copy.sqlite").code == 3


def test_verify_sees_a_changed_ledger(caveat: Caveat, tmp_path: Path) -> None:
    import sqlite3

    caveat("refresh", "--from", sdn(tmp_path, "2020-01-01", NAMES))
    assert caveat("verify").code == 0
    for statement in (
        "UPDATE file SET packed = x'00'",
        "UPDATE statement SET content = replace(content, 'PEREZ AAA', 'PEREZ ABA') WHERE content LIKE '%PEREZ AAA%'",
        "DELETE FROM saying WHERE id IN (SELECT id FROM saying WHERE list = 'us.ofac.sdn' LIMIT 1)",
    ):
        caveat("backup", tmp_path / "spoilt.sqlite")
        with sqlite3.connect(tmp_path / "spoilt.sqlite") as connection:
            assert connection.execute(statement).rowcount > 0
        connection.close()
        done = caveat("--db", tmp_path / "spoilt.sqlite", "verify")
        assert done.code == 3, statement
        (tmp_path / "spoilt.sqlite").unlink()


@pytest.mark.slow
def test_the_december_of_2021(caveat: Caveat) -> None:
    for name in ("sdn_2021-11-23.csv.gz", "sdn_2021-12-02_0142.csv.gz", "sdn_2021-12-02_1850.csv.gz"):
        assert caveat("refresh", "--from", shared("data", "ofac-sdn", name)).code == 0
    words = ["changes", "2021-11-23", "2021-12-02T01:42", "--list", "us.ofac.sdn", "--format", "json"]
    done = caveat(*words)
    assert done.code == 1
    assert (done.data["counts"]["added"], done.data["counts"]["removed"]) == (5, 112)
    assert all(c["fields"] for c in done.data["changes"] if c["kind"] == "amended")
    assert caveat("refresh", "--from", shared("data", "trade-csl", "csl_2023-11_PARTIAL_truncated.csv.gz")).code == 3
    (row,) = [r for r in caveat("lists", "--format", "json").data["lists"] if r["list"] == "us.ofac.sdn"]
    assert row["as_of"] == "2021-12-02T18:50:00"


def test_doctor_tells_how_the_installation_is(caveat: Caveat) -> None:
    done = caveat("doctor", "--format", "json")
    assert done.code == 0
    checks = {row["check"]: row for row in done.data["checks"]}
    assert checks["compiled search"]["state"] in ("ok", "slower")
    assert "starter record" in checks["database"]["told"]
    assert "compiled search" in caveat("doctor").out


def test_engines_and_their_options_are_checked(caveat: Caveat, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name\nHikvision\n", "utf-8")
    for words, says in (
        (["--engine", "abacus"], "abacus"),
        (["--master", "yarn"], "--engine spark"),
        (["--engine", "spark", "--setting", "nothing"], "NAME=VALUE"),
    ):
        done = caveat("screen", path, *words)
        assert (done.code, says in done.error) == (2, True)
    assert caveat("screen", "Hikvision", "--engine", "spark").code == 2


def test_screen_writes_a_table(caveat: Caveat, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name\nHikvision\nQuentin Nobody-Atall\n", "utf-8")
    assert caveat("screen", path, "--out", tmp_path / "o.csv").code == 1
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["query_name"]: row["status"] for row in rows} == {"Hikvision": "hits", "Quentin Nobody-Atall": "no_hit"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_under_the_output_is_one_line(tmp_path: Path, form: str) -> None:
    command = [sys.executable, "-m", "caveat", "--db", str(tmp_path / "l.sqlite"), "lists", "--format", form]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 3
    assert done.stderr.startswith("caveat: ") and done.stderr.count("\n") == 1, done.stderr


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "caveat", "--db", str(tmp_path / "l.sqlite"), "lists"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
        assert running.wait(timeout=120) == 0
