"""Who may ask, how much and how often: tokens, keys, hosts, other sites, sizes, slow and hostile clients."""

from __future__ import annotations

import io
import json
import re
import socket
import stat
import time
import zipfile
from pathlib import Path

import httpx
import pytest
from serving import Service, serve

from caveat.errors import ConfigError, InputError

_OPEN = ("/static/", "/sign-in")


def test_no_route_answers_without_its_token_or_key(service: Service, client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    pages = [
        "/",
        "/hits",
        "/party/x",
        "/act",
        "/changes",
        "/coverage",
        "/upload",
        "/receipt",
        "/article",
        "/openapi.json",
    ]
    asked = 0
    with httpx.Client(base_url=service.url) as stranger:
        for path, methods in described["paths"].items():
            for method in methods:
                address = re.sub(r"\{[^}]*\}", "x", path)
                for headers in ({}, {"Authorization": "Bearer wrong"}, {"X-API-Key": "caveat_00000000_x"}):
                    reply = stranger.request(method, address, headers=headers)
                    assert reply.status_code in (401, 429), (method, path, reply.status_code)
                    asked += 1
        for path in pages:
            assert stranger.get(path).status_code == 401
            sent = stranger.get(path, headers={"Accept": "text/html"})
            assert sent.headers["location"].startswith("/sign-in")
    assert asked > 60


def test_a_person_signs_in_once(service: Service) -> None:
    with httpx.Client(base_url=service.url) as browser:
        first = browser.get(f"/coverage?token={service.token}&as_of=2021-01-01")
        assert (first.status_code, first.headers["location"]) == (303, "/coverage?as_of=2021-01-01")
        cookie = first.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get("/coverage").status_code == 200
        browser.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
        assert browser.get("/coverage").status_code == 401
        form = {"token": service.token, "next": "//evil.example/"}
        inside = browser.post("/sign-in", data=form)
        assert inside.headers["location"] == "/"
        assert browser.get("/coverage").status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_another_site_may_not_ask_in_a_persons_name(service: Service, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=service.url) as browser:
        browser.get(f"/?token={service.token}")
        word = {"query": "x", "entry": "x", "why": "x"}
        assert browser.post("/v1/confirm", json=word, headers=headers).status_code == 403
        assert browser.post("/act", data={"party": "x"}, headers=headers).status_code == 403


def test_another_host_name_is_not_answered(client: httpx.Client) -> None:
    assert client.get("/v1/lists", headers={"Host": "evil.example"}).status_code == 400


def test_keys_are_scoped_expire_and_are_kept_as_hashes(tmp_path: Path) -> None:
    pytest.importorskip("argon2")
    from caveat.api import Keys

    path = tmp_path / "keys.json"
    keys = Keys(path)
    text = keys.add("a program", ("read",), 30, "2026-01-01T00:00:00")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = text.split("_", 2)[2]
    assert secret not in path.read_text("utf-8")
    assert keys.caller(text, "2026-01-30").scopes == ("read",)
    assert keys.caller(text, "2026-01-31") is None
    assert keys.caller(text + "x", "2026-01-02") is None
    assert keys.caller("caveat_" + text.split("_")[1] + "_", "2026-01-02") is None
    keys.drop(text.split("_")[1])
    assert Keys(path).caller(text, "2026-01-02") is None
    with pytest.raises(InputError, match="scope"):
        keys.add("x", ("all",), 30, "2026-01-01T00:00:00")
    path.write_text("[]", "utf-8")
    with pytest.raises(ConfigError, match="no file of keys"):
        Keys(path).all()


def _key(service: Service) -> str:
    """A key that may read, made now."""
    import datetime as dt

    from caveat.api import Keys

    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return Keys(service.folder / "keys.json").add("a reader", ("read",), 30, now)


def test_a_key_opens_what_its_scopes_say(service: Service) -> None:
    pytest.importorskip("argon2")
    now = {"Authorization": f"ApiKey {_key(service)}"}
    assert httpx.get(f"{service.url}/v1/lists", headers=now).status_code == 200
    word = {"query": "x", "entry": "x", "why": "x"}
    denied = httpx.post(f"{service.url}/v1/confirm", json=word, headers=now)
    assert denied.status_code == 403
    assert "write" in denied.json()["detail"]
    assert httpx.post(f"{service.url}/v1/refresh", json={}, headers=now).status_code == 403


def test_one_callers_files_are_not_anothers(service: Service, client: httpx.Client) -> None:
    pytest.importorskip("argon2")
    text = _key(service)
    job = client.post("/v1/jobs", files={"file": ("a.csv", "name\nx y\n")}).json()["id"]
    assert httpx.get(f"{service.url}/v1/jobs/{job}", headers={"X-API-Key": text}).status_code == 404


def test_other_than_loopback_needs_keys(tmp_path: Path) -> None:
    from caveat.cli import run

    assert run(["--db", str(tmp_path / "a.sqlite"), "serve", "--host", "0.0.0.0"]) == 2


@pytest.mark.parametrize(("path", "size", "status"), [("/v1/screen", 3 * 2**20, 413), ("/v1/jobs", 101 * 2**20, 413)])
def test_what_is_too_large_is_refused_at_once(service: Service, path: str, size: int, status: int) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {service.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {size}\r\n\r\nx".encode()
        )
        assert f" {status} ".encode() in line.recv(4096)


def test_what_grows_too_large_is_refused_on_the_way(service: Service) -> None:
    def pieces():
        for _ in range(200):
            yield b"x" * 65536

    try:
        reply = httpx.post(f"{service.url}/v1/screen", content=pieces(), timeout=30,
                           headers={**service.headers, "Content-Type": "application/json"})  # fmt: skip
    except httpx.WriteError:
        return  # refused and hung up while we were still sending
    assert reply.status_code == 413


def test_a_slow_client_is_let_go_while_others_are_served(tmp_path: Path) -> None:
    with serve(tmp_path / "a.sqlite", tmp_path / "private", seconds=1.0) as slow:
        host, port = slow.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(
                f"POST /v1/screen HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {slow.token}\r\n"
                "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{".encode()
            )
            assert httpx.get(f"{slow.url}/healthz", headers=slow.headers).status_code == 200
            assert b" 408 " in line.recv(4096)


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"name": "\xff\xfe"}', "application/json"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b'{"date": 1e999, "activity": [], "parties": {"a": null}}', "application/json"),
        (b"name=x", "application/x-www-form-urlencoded"),
        (b"\x00" * 1000, "text/csv"),
        (b"", "application/json"),
        (json.dumps({"name": "A" * 1000, "aliases": ["\u202e\u0000"]}).encode(), "application/json"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/screen", "/v1/determine", "/v1/screen/batch", "/match/default", "/v1/replay"])
def test_hostile_bodies_are_refused_in_words(client: httpx.Client, path: str, body: bytes, media: str) -> None:
    reply = client.post(path, content=body, headers={"Content-Type": media})
    assert reply.status_code < 500, reply.text
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["detail"]


_ODD = (
    "1e999", "-1e999", "NaN", "Infinity", "-0", "1" + "0" * 5000, "0." + "1" * 400, '"\\ud800"', '"\\u0000"',
    '"' + "A" * 100_000 + '"', "[]", "{}", "null", "true", '""', "[[[[[[1]]]]]]", '{"a": [{"c": NaN}]}',
)  # fmt: skip
_PLACES = {
    "/v1/screen": ('{"name": %s}', '{"name": "Hikvision", "id": %s}', '{"name": "Hikvision", "identifiers": [%s]}'),
    "/v1/determine": (
        '{"date": "2022-02-01", "activity": "export", "parties": [{"name": %s}]}',
        '{"date": "2022-02-01", "activity": "export", "parties": [{"name": "Hikvision"}], "item": %s}',
        '{"date": "2022-02-01", "activity": "export", "parties": [{"name": "Hikvision"}], "other": {"a": [%s]}}',
    ),
    "/v1/vary": ('{"transaction": %s, "changes": ["date=2021-01-01:2021-01-02"]}',),
    "/v1/blast": ('{"party": %s, "portfolio": ["x"]}',), "/v1/replay": ('{"basis": %s}',),
    "/v1/confirm": ('{"query": "Hikvision", "entry": %s, "why": "y"}',),
    "/v1/compare": ('[{"name1": %s, "name2": "a"}]',),
    "/match/default": (
        '{"queries": {"q": {"schema": %s, "properties": {"name": ["x y"]}}}}', '{"queries": %s}',
        '{"queries": {"q": {"id": %s, "properties": {"name": ["Hikvision"], "x": [%s]}}}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("path", _PLACES)
def test_an_odd_value_anywhere_is_an_answer_or_one_line(client: httpx.Client, path: str) -> None:
    for shape in _PLACES[path]:
        for odd in _ODD:
            body = shape.replace("%s", odd)
            _fine(client.post(path, content=body, headers={"Content-Type": "application/json"}), body)


@pytest.mark.parametrize(
    ("field", "shape"),
    [("queries", '{"q": {"query": %s}}'), ("queries", '{"q": {"query": "Hikvision", "properties": %s}}'),
     ("queries", '{"q": {"query": "Hikvision", "limit": %s, "type": %s}}'),
     ("extend", '{"ids": [%s], "properties": [{"id": "country"}]}'), ("extend", "%s")],
)  # fmt: skip
def test_an_odd_value_in_a_form_is_too(client: httpx.Client, field: str, shape: str) -> None:
    for odd in _ODD:
        _fine(client.post("/reconcile/default", data={field: shape.replace("%s", odd)}), odd)


def _fine(reply: httpx.Response, body: str) -> None:
    """Strict JSON, or a problem told in one line of bounded length."""
    assert reply.status_code < 500, (body[:200], reply.text[:300])
    for line in reply.text.splitlines():
        json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} in an answer to {body[:200]}"))
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert 0 < len(reply.json()["detail"]) < 2000


def test_a_key_said_twice_is_refused(client: httpx.Client) -> None:
    body = '{"name": "Hikvision", "name": "Nobody"}'
    reply = client.post("/v1/screen", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert "'name' twice" in reply.json()["detail"]


@pytest.mark.parametrize(
    "word", ["%00", "%ff", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "%0d%0aX-Evil:1", "A" * 9000, "1e999", "-1", "9" * 30]
)
def test_an_odd_word_in_an_address_is_no_fault(client: httpx.Client, word: str) -> None:
    for path in (
        "/v1/show/{}", "/v1/history/{}", "/v1/own/{}", "/v1/law/{}", "/v1/jobs/{}", "/v1/jobs/{}/rows", "/entities/{}",
        "/entities/{}/adjacent", "/search/{}?q=x", "/search/default?q=Hik&limit={}", "/statements?canonical_id={}",
        "/reconcile/{}", "/v1/screen?name={}", "/v1/changes?from={}&to=2021-01-01", "/v1/lists?as_of={}", "/party/{}",
        "/?name=Hik&as_of={}", "/changes?from={}", "/picture/own/{}", "/upload/{}", "/static/{}", "/changes?offset={}",
    ):  # fmt: skip
        reply = client.get(path.replace("{}", word))
        assert reply.status_code < 500, (path, reply.text[:300])
        assert "x-evil" not in reply.headers
        assert "root:" not in reply.text


def test_a_zip_bomb_in_a_workbook_is_refused(client: httpx.Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 700_000_000)
        book.writestr("[Content_Types].xml", b"<x/>")
    job = client.post("/v1/jobs", files={"file": ("bomb.xlsx", out.getvalue())}, timeout=120).json()["id"]
    for _ in range(300):
        state = client.get(f"/v1/jobs/{job}").json()
        if state["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    assert state["state"] == "failed"
    assert client.get("/healthz").status_code == 200


def test_every_answer_is_dressed(client: httpx.Client, service: Service) -> None:
    replies = [client.get("/"), client.get("/v1/lists"), client.get("/nowhere"), httpx.get(f"{service.url}/v1/lists")]
    for reply in replies:
        policy = reply.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "default-src 'none'" in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["x-request-id"]


def test_no_name_stands_in_the_log(service: Service, client: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    client.get("/v1/screen", params={"name": "Ottilie Birnbaumer-Quast"})
    client.get("/v1/show/Ottilie Birnbaumer-Quast")
    client.post("/v1/screen", json={"name": "Ottilie Birnbaumer-Quast"})
    told = "".join(capfd.readouterr())
    assert "/v1/screen" in told
    assert "Ottilie" not in told
    assert service.token not in told


def test_too_many_requests_are_told_so(tmp_path: Path) -> None:
    with serve(tmp_path / "a.sqlite", tmp_path / "private", rate=30) as narrow:
        codes = [httpx.get(f"{narrow.url}/healthz", headers=narrow.headers).status_code for _ in range(40)]
    assert codes[0] == 200
    assert codes[-1] == 429
