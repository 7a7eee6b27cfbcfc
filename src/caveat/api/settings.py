"""How the service runs: where it listens, its token, its bounds."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field

from caveat.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Settings:
    """What `caveat serve` can set.

    db          database URL or SQLite path, as given
    token       the token printed at start; None where only keys open the doors
    keys        the file of API keys
    secret      signs session cookies; new at each start
    folder      a private folder for uploads and their results, removed at the end
    names       host names under which the service may be asked, besides loopback
    https       whether people reach it by HTTPS (behind a proxy): cookies are then marked Secure
    rate        requests a minute for one credential
    most_body   bytes of a request body; most_upload: bytes of an uploaded file
    seconds     the longest a client may take to send its body
    """

    db: str | None = None
    host: str = "127.0.0.1"
    port: int = 8744
    token: str | None = None
    keys: str = ""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    folder: str = ""
    names: tuple[str, ...] = ()
    https: bool = False
    rate: int = 60_000
    workers: int = 1
    most_body: int = 2 * 2**20
    most_upload: int = 50 * 2**20
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port {self.port} does not exist", where="--port", do="0 to 65535")
        if self.workers < 1 or self.rate < 1:
            raise ConfigError("needs at least 1", where="--workers" if self.workers < 1 else "--rate")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def hosts(self) -> list[str]:
        """The Host headers that are answered: others may be a page that rebinds its name to this address."""
        bound = [] if self.host in ("0.0.0.0", "::") else [self.host]  # noqa: S104 - compared, not bound
        return ["127.0.0.1", "localhost", "[::1]", *bound, *self.names]
