"""Fetching against a local server that misbehaves in every way a publisher has been seen to."""

from __future__ import annotations

import gzip
import http.server
import io
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from caveat.errors import FetchError
from caveat.sources import load_catalog
from caveat.sources.fetch import Patience, Validators, fetch

CSV = b"name,country\nExample,CN\n"
#: For servers that answer, however busy the machine; and for those that never will.
QUICK = Patience(silence=10, whole=20, attempts=3, pause=0.01, longest_pause=0.02, max_bytes=100_000, redirects=3)
HASTY = replace(QUICK, silence=0.5, whole=0.8)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Misbehaving)
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up on purpose is no news."""


class Misbehaving(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.server.asked[path] += 1
        self.server.headers[path] = dict(self.headers)
        getattr(self, "give_" + path.split("?")[0].split(".")[0])()

    def give_good(self) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(304)
        else:
            self.answer(200, CSV, ETag='"v1"', Last_Modified="Wed, 09 Oct 2019 00:00:00 GMT", Set_Cookie="track=me")

    def give_zipped(self) -> None:
        self.answer(200, gzip.compress(CSV), Content_Encoding="gzip")

    def give_slow(self) -> None:
        time.sleep(1.5)
        self.answer(200, CSV)

    def give_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def give_cut(self) -> None:
        self.answer(200, CSV, Content_Length="5000")
        self.close_connection = True

    def give_waf(self) -> None:
        self.answer(403, b"<!DOCTYPE html><html><title>Access denied</title>", Content_Type="text/html")

    def give_busy(self) -> None:
        self.answer(429)

    def give_gone(self) -> None:
        self.answer(404, b"not here")

    def give_down(self) -> None:
        self.answer(500)

    def give_recovering(self) -> None:
        if self.server.asked["recovering.csv"] < 3:
            self.answer(503)
        else:
            self.answer(200, CSV)

    def give_loop(self) -> None:
        self.answer(302, Location="/loop.csv")

    def give_hop(self) -> None:
        self.answer(302, Location="/good.csv")

    def give_cookie(self) -> None:
        self.answer(302, Location="/good.csv", Set_Cookie="session=1; Path=/")

    def give_elsewhere(self) -> None:
        self.answer(302, Location="http://example.org/list.csv")

    def give_inward(self) -> None:
        self.answer(302, Location="https://169.254.169.254/latest")

    def give_nowhere(self) -> None:
        self.answer(302)

    def give_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        for _ in range(10_000):
            self.wfile.write(b"x" * 4096)

    def give_vast(self) -> None:
        self.answer(200, b"", Content_Length="99999999999")

    def give_bomb(self) -> None:
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb") as stream:
            for _ in range(50):
                stream.write(b"\0" * 1_000_000)
        self.answer(200, out.getvalue(), Content_Encoding="gzip")

    def give_broken(self) -> None:
        self.answer(200, gzip.compress(CSV)[:-12][:10] + b"\xff" * 30, Content_Encoding="gzip")

    def give_page(self) -> None:
        self.answer(200, b"<html><title>We moved</title>", Content_Type="text/csv")

    def give_empty(self) -> None:
        self.answer(200, b"")

    def give_partial(self) -> None:
        self.answer(206, CSV)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


CATALOG = load_catalog()


def test_a_whole_file_comes_with_its_validators_and_no_cookie_goes_back(server: Server) -> None:
    got = fetch(f"{server.base}/good.csv", CATALOG, base=server.base, patience=QUICK)
    assert (got.data, got.name) == (CSV, "good.csv")
    assert got.validators == Validators('"v1"', "Wed, 09 Oct 2019 00:00:00 GMT")
    assert server.headers["good.csv"]["User-Agent"].startswith("caveat/")
    fetch(f"{server.base}/cookie.csv", CATALOG, base=server.base, patience=QUICK)
    assert "Cookie" not in server.headers["good.csv"]


def test_an_unchanged_file_is_not_sent_again(server: Server) -> None:
    before = Validators('"v1"', "Wed, 09 Oct 2019 00:00:00 GMT")
    got = fetch(f"{server.base}/good.csv", CATALOG, previous=before, base=server.base, patience=QUICK)
    assert got.data is None
    assert got.validators == before
    assert server.headers["good.csv"]["If-Modified-Since"] == before.last_modified


def test_compressed_and_redirected_answers_are_taken(server: Server) -> None:
    assert fetch(f"{server.base}/zipped.csv", CATALOG, base=server.base, patience=QUICK).data == CSV
    assert fetch(f"{server.base}/hop.csv", CATALOG, base=server.base, patience=QUICK).data == CSV


def test_a_server_that_recovers_is_asked_again(server: Server) -> None:
    assert fetch(f"{server.base}/recovering.csv", CATALOG, base=server.base, patience=QUICK).data == CSV
    assert server.asked["recovering.csv"] == 3


@pytest.mark.parametrize(
    ("path", "says", "times"),
    [
        ("slow.csv", r"no answer within 0\.5 s \(3 attempts\)", 3),
        ("drip.csv", r"not whole in time \(3 attempts\)", 3),
        ("cut.csv", r"connection was cut.*\(3 attempts\)", 3),
        ("down.csv", r"answers 500.*\(3 attempts\); try again later", 3),
        ("waf.csv", 'answers 403 Forbidden: it looks like an HTML page titled "Access denied"; .*--from', 1),
        ("busy.csv", "answers 429.*ask less often", 1),
        ("gone.csv", "answers 404.*moved it", 1),
        ("loop.csv", "more than 3 redirects", 4),
        ("elsewhere.csv", "redirects to http://example.org/list.csv, which is not https", 1),
        ("inward.csv", "no public address", 1),
        ("nowhere.csv", "redirects to nowhere", 1),
        ("endless.csv", "over 100,000 bytes", 1),
        ("vast.csv", "99,999,999,999 bytes", 1),
        ("bomb.csv", "over 100,000 bytes", 1),
        ("broken.csv", "compression is broken", 1),
        ("page.csv", 'not the list: it looks like an HTML page titled "We moved"', 1),
        ("empty.csv", "answers with nothing", 1),
        ("partial.csv", "answers 206.*not a whole file", 1),
    ],
)
def test_every_misbehavior_is_one_clear_error(server: Server, path: str, says: str, times: int) -> None:
    url = f"{server.base}/{path}"
    with pytest.raises(FetchError, match=says) as caught:
        fetch(url, CATALOG, base=server.base, patience=HASTY if path in ("slow.csv", "drip.csv") else QUICK)
    assert server.base in str(caught.value)
    assert caught.value.do
    assert server.asked[path] == times


def test_a_server_that_is_not_there_is_told_once() -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch("http://127.0.0.1:9/x.csv", CATALOG, base="http://127.0.0.1:9", patience=QUICK)


@pytest.mark.parametrize("url", ["https://example.org/list.csv", "file:///etc/passwd", "http://127.0.0.1/", ""])
def test_only_the_catalog_is_fetched(url: str) -> None:
    with pytest.raises(FetchError, match="not an address of the catalog"):
        fetch(url, CATALOG, patience=QUICK)
    with pytest.raises(FetchError, match="not an address of the catalog"):
        fetch("http://127.0.0.1:90/x", CATALOG, base="http://127.0.0.1:9", patience=QUICK)
