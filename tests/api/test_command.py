"""`caveat serve` and `caveat key` as commands; a refresh by another process while the service answers."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

for needed in ("fastapi", "uvicorn", "argon2"):
    pytest.importorskip(needed, reason="needs caveat[serve]")

SAMPLE = Path(__file__).resolve().parent.parent / "examples" / "ca" / "sema.xml"


def caveat(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "caveat", *words], env={**os.environ, **environ}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def workers_of(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"


@contextmanager
def served(db: Path, *words: str, ends: int = signal.SIGTERM) -> Iterator[tuple[str, dict[str, str], Path, int]]:
    """A service as a person starts it; it is stopped, and must stop, at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = db.with_suffix(".log")
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "caveat", "--db", str(db), "serve", "--port", str(port), *words], stderr=told
        )
    url = f"http://127.0.0.1:{port}"
    headers: dict[str, str] = {}
    try:
        for _ in range(600):
            if found := re.search(r"token=(\S+)", log.read_text("utf-8")):
                headers = {"Authorization": f"Bearer {found[1]}"}
                try:
                    if httpx.get(f"{url}/readyz", headers=headers).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
        yield url, headers, log, process.pid
    finally:
        process.send_signal(ends)
        assert process.wait(30) in (0, -ends)


def test_a_refresh_beside_it_is_seen_without_a_dropped_request(tmp_path: Path) -> None:
    db = tmp_path / "a.sqlite"
    with served(db) as (url, headers, *_), httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        before = client.get("/readyz").json()["generation"]
        codes: list[int] = []
        ends = threading.Event()

        def ask() -> None:
            with httpx.Client(base_url=url, headers=headers, timeout=30) as other:
                while not ends.is_set():
                    codes.append(other.get("/v1/screen", params={"name": "Hikvison Digital"}).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        done = caveat("--db", str(db), "refresh", "--from", str(SAMPLE), "--published", "2024-05-01")
        assert done.returncode == 0, done.stderr
        for _ in range(300):
            if client.get("/readyz").json()["generation"] != before:
                break
            time.sleep(0.1)
        ends.set()
        asking.join()
        assert client.get("/readyz").json()["generation"] != before
        loaded = [row["list"] for row in client.get("/v1/lists").json()["lists"]]
        assert "ca.sema" in loaded
        assert set(codes) == {200}
        assert len(codes) > 10


def test_two_workers_share_jobs_and_metrics(tmp_path: Path) -> None:
    with served(tmp_path / "a.sqlite", "--workers", "2") as (url, headers, log, _):
        job = httpx.post(f"{url}/v1/jobs", headers=headers, files={"file": ("a.csv", "name\nHikvision\n")}).json()["id"]
        for _ in range(300):  # a new connection each time: both workers are asked
            if httpx.get(f"{url}/v1/jobs/{job}", headers=headers).json()["state"] == "done":
                break
            time.sleep(0.05)
        asked = [httpx.get(f"{url}/v1/jobs/{job}/rows", headers=headers).status_code for _ in range(8)]
        assert asked == [200] * 8
        told = httpx.get(f"{url}/metrics", headers=headers).text
        counted = re.search(
            r'caveat_requests_total\{method="GET",route="/v1/jobs/\{job\}/rows",status="200"\} (\d+)', told
        )
        assert counted is not None
        assert int(counted[1]) == 8
        assert "Hikvision" not in log.read_text("utf-8")


def test_a_worker_that_dies_is_replaced_and_none_outlives_the_first(tmp_path: Path) -> None:
    with served(tmp_path / "a.sqlite", "--workers", "2", ends=signal.SIGKILL) as (url, headers, log, pid):
        before = workers_of(pid)
        assert len(before) == 2
        time.sleep(5)  # one that ends sooner is not begun again
        os.kill(before[0], signal.SIGKILL)
        for _ in range(300):
            after = workers_of(pid)
            if len(after) == 2 and after != before:
                break
            time.sleep(0.05)
        assert before[1] in after
        assert before[0] not in after
        for _ in range(20):  # a new connection each time: both are asked, and the new one may still be opening
            assert httpx.get(f"{url}/readyz", headers=headers, timeout=30).status_code in (200, 503)
        assert '"event": "worker ended"' in log.read_text("utf-8")
    for _ in range(300):
        if not any(map(is_alive, after)):
            break
        time.sleep(0.05)
    assert not any(map(is_alive, after))


def test_a_key_is_shown_once_and_opens_the_doors(tmp_path: Path) -> None:
    keys = {"CAVEAT_KEYS": str(tmp_path / "keys.json"), "CAVEAT_DB": str(tmp_path / "a.sqlite")}
    made = caveat("key", "add", "a job", "--scope", "read", "--days", "7", **keys)
    assert made.returncode == 0, made.stderr
    text = made.stdout.strip()
    assert text.startswith("caveat_")
    listed = caveat("key", "list", **keys)
    assert "a job" in listed.stdout
    assert text.split("_", 2)[2] not in listed.stdout
    assert caveat("key", "drop", text.split("_")[1], **keys).returncode == 0
    assert caveat("key", "drop", "00000000", **keys).returncode == 2
    assert caveat("key", "add", "x", "--scope", "everything", **keys).returncode == 2
    refused = caveat("serve", "--host", "0.0.0.0", **keys)
    assert refused.returncode == 2
    assert "API key" in refused.stderr


def test_half_a_character_in_a_file_leaves_as_json(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"name": "\\ud800 Hikvision"}\n{"name": "Nobody Whatsoever Ltd", "id": 1e999}\n', "utf-8")
    for form in ("jsonl", "json", "csv", "text"):
        done = caveat("--db", str(tmp_path / "a.sqlite"), "--format", form, "screen", str(source))
        assert "Traceback" not in done.stderr
        assert done.returncode in (1, 3), done.stderr
        if form == "jsonl":
            assert [json.loads(line)["query"]["name"][:1] for line in done.stdout.splitlines()] == ["\ud800", "N"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_one_line(tmp_path: Path, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        port = str(taken.getsockname()[1])
        words = ("--db", str(tmp_path / "a.sqlite"), "serve", "--port", port, "--workers", workers)
        done = caveat(*words)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "address already in use" in done.stderr.lower()
