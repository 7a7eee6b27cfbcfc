"""The only network code: one publisher's file, asked for politely and refused unless whole.

Only addresses of the catalog are asked. A request is conditional where an earlier answer left an
ETag or a date, carries no cookie and says who asks. Every way in which it can go wrong is a
FetchError that says what happened and what to do; nothing half-read is ever returned.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from caveat.errors import FetchError
from caveat.sources.catalog import Catalog
from caveat.sources.document import MAX_BYTES, Document
from caveat.sources.registry import describe

if TYPE_CHECKING:
    import httpx

_BY_HAND = "download it with a browser and load it with `caveat refresh LIST --from FILE`"
_LATER = "try again later; the last good list stays"
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer said of its version; both go back with the next request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. `data` is None where the publisher says that nothing changed (304)."""

    url: str
    name: str
    data: bytes | None
    validators: Validators


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how much to take. Seconds, bytes, counts.

    silence  longest wait for a connection or for the next bytes
    whole    longest time for one attempt, however steadily bytes drip
    attempts how often in all, for server errors, timeouts and cut answers only
    pause    first wait between attempts; it doubles up to `longest_pause`
    """

    silence: float = 30.0
    whole: float = 600.0
    attempts: int = 4
    pause: float = 1.0
    longest_pause: float = 30.0
    max_bytes: int = MAX_BYTES
    redirects: int = 5


def _passing(what: str, where: str) -> FetchError:
    """A failure that may pass: `_may_pass` lets it be tried again."""
    return FetchError(what, where=where, do=_LATER)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, FetchError) and error.do == _LATER


def fetch(
    url: str,
    catalog: Catalog,
    *,
    previous: Validators | None = None,
    base: str | None = None,
    patience: Patience | None = None,
) -> Fetched:
    """Fetch an address of the catalog.

    `base` lets tests and mirrors in: addresses under it are allowed, over http too.
    FetchError for everything that is not the whole file, or the word that it has not changed.
    """
    under_base = base is not None and url.startswith(base.rstrip("/") + "/")
    if url not in catalog.urls() and not under_base:
        raise FetchError("is not an address of the catalog", where=url, do="only the catalog's addresses are fetched")
    import stamina

    patience = patience or Patience()
    is_page = any(url in catalog[list_id].urls and catalog[list_id].page for list_id in catalog)
    attempts = stamina.retry_context(
        on=_may_pass,
        attempts=patience.attempts,
        timeout=None,
        wait_initial=patience.pause,
        wait_max=patience.longest_pause,
        wait_jitter=patience.pause,
    )
    try:
        for attempt in attempts:
            with attempt:
                return _fetch_once(url, previous, base if under_base else None, patience, is_page)
    except FetchError as error:
        if _may_pass(error) and patience.attempts > 1:
            raise FetchError(f"{error.what} ({patience.attempts} attempts)", where=error.where, do=_LATER) from None
        raise
    raise AssertionError("an attempt returns or raises")


def _fetch_once(url: str, previous: Validators | None, base: str | None, patience: Patience, is_page: bool) -> Fetched:
    import http.cookiejar
    from importlib.metadata import version

    import httpx

    headers = {
        "User-Agent": f"caveat/{version('caveat')} (reads published restriction lists)",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
    }
    if previous and previous.etag:
        headers["If-None-Match"] = previous.etag
    if previous and previous.last_modified:
        headers["If-Modified-Since"] = previous.last_modified
    deadline = monotonic() + patience.whole
    at = url
    # A proxy named in the environment is for publishers, not for a server named by the caller.
    with httpx.Client(timeout=patience.silence, follow_redirects=False, trust_env=base is None) as client:
        client.cookies.jar.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        try:
            for _ in range(patience.redirects + 1):
                with client.stream("GET", at, headers=headers) as answer:
                    if answer.status_code not in _MOVED:
                        return _take(url, answer, previous, patience=patience, deadline=deadline, is_page=is_page)
                    at = _next_address(at, answer.headers.get("location", ""), base)
        except httpx.TimeoutException:
            raise _passing(f"no answer within {patience.silence:g} s", at) from None
        except httpx.DecodingError:
            raise FetchError("its compression is broken", where=at, do=f"try again, or {_BY_HAND}") from None
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise _passing(f"the connection was cut ({error})", at) from None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise FetchError(f"cannot be reached ({error})", where=at, do=f"check the network, or {_BY_HAND}") from None
    raise FetchError(f"more than {patience.redirects} redirects", where=url, do=_BY_HAND)


def _next_address(at: str, location: str, base: str | None) -> str:
    """The redirect's goal; FetchError unless it is a public https address (or lies under `base`)."""
    goal = urljoin(at, location)
    if location and base is not None and goal.startswith(base.rstrip("/") + "/"):
        return goal
    parts = urlsplit(goal)
    if not location:
        raise FetchError("redirects to nowhere", where=at, do=_BY_HAND)
    if parts.scheme != "https" or not parts.hostname:
        raise FetchError(f"redirects to {goal}, which is not https", where=at, do=_BY_HAND)
    if _is_local(parts.hostname):
        raise FetchError(f"redirects to {goal}, which is no public address", where=at, do=_BY_HAND)
    return goal


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def _take(
    url: str, answer: httpx.Response, previous: Validators | None, *, patience: Patience, deadline: float, is_page: bool
) -> Fetched:
    """The whole body of a final answer, or why it is not taken."""
    status = answer.status_code
    name = urlsplit(url).path.rsplit("/", 1)[-1] or "list"
    validators = Validators(answer.headers.get("etag"), answer.headers.get("last-modified"))
    if status == 304 and previous:
        return Fetched(url, name, None, previous)
    if status >= 500:
        raise _passing(f"answers {status} {answer.reason_phrase}", url)
    if status != 200:
        _refuse_status(url, answer, patience, deadline)
    length = answer.headers.get("content-length", "")
    if length.isdigit() and int(length) > patience.max_bytes:
        raise FetchError(f"is {int(length):,} bytes long", where=url, do="no official list is; look at the address")
    data = b"".join(_chunks(url, answer, patience.max_bytes, deadline))
    if length.isdigit() and answer.num_bytes_downloaded != int(length):
        raise _passing(f"gave {answer.num_bytes_downloaded:,} of {int(length):,} bytes", url)
    if not data.strip():
        raise FetchError(
            "answers with nothing", where=url, do="try again, or load a file with --from; the last good list stays"
        )
    shape = describe(Document(name, data[:4096], ""))
    if "HTML page" in shape and not is_page:
        raise FetchError(f"is not the list: {shape}", where=url, do=_BY_HAND)
    return Fetched(url, name, data, validators)


def _chunks(url: str, answer: httpx.Response, most: int, deadline: float) -> Iterator[bytes]:
    """The body unpacked, chunk by chunk, within its bounds of size and time."""
    taken = 0
    for chunk in answer.iter_bytes():
        taken += len(chunk)
        if taken > most:
            raise FetchError(f"is over {most:,} bytes long", where=url, do="no official list is; look at the address")
        if monotonic() > deadline:
            raise _passing("was not whole in time", url)
        yield chunk


def _refuse_status(url: str, answer: httpx.Response, patience: Patience, deadline: float) -> None:
    """FetchError for every status but 200, with what the page says of itself."""
    status = f"{answer.status_code} {answer.reason_phrase}".strip()
    if answer.status_code in (401, 403, 429):
        start = b""
        for chunk in _chunks(url, answer, patience.max_bytes, deadline):
            start += chunk
            if len(start) > 4096:
                break
        shape = describe(Document("answer", start[:4096], "")) if start else "without a word"
        do = "ask less often" if answer.status_code == 429 else f"the publisher refuses programs: {_BY_HAND}"
        raise FetchError(f"answers {status}: {shape}", where=url, do=do)
    if answer.status_code in (404, 410):
        raise FetchError(f"answers {status}", where=url, do=f"the publisher moved it: {_BY_HAND}")
    raise FetchError(f"answers {status}, which is not a whole file", where=url, do=_BY_HAND)
