"""API keys: hashed, scoped, expiring; one JSON file that only its owner can read."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from caveat.errors import ConfigError, InputError, MissingPartError

#: What a key may do: ask; also keep words on hits; also refresh lists.
SCOPES = ("read", "write", "admin")
_MARK = "caveat"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `digest` is the argon2id hash of its secret; the secret itself is kept nowhere."""

    id: str
    name: str
    scopes: tuple[str, ...]
    digest: str
    made_at: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the id of a key, or `token` for the person at the machine."""

    id: str
    scopes: tuple[str, ...]


class Keys:
    """The keys of one file, read again when the file changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._keys: dict[str, Key] = {}
        self._proved: dict[bytes, str] = {}

    def __len__(self) -> int:
        return len(self._read())

    def add(self, name: str, scopes: tuple[str, ...], days: int, now: str) -> str:
        """Make a key and return its text, which cannot be shown again."""
        for scope in scopes:
            if scope not in SCOPES:
                raise InputError(f"{scope!r} is no scope", where="--scope", do=f"one of {', '.join(SCOPES)}")
        if not 1 <= days <= 3660:
            raise InputError(f"a key cannot last {days} days", where="--days", do="1 to 3660")
        if not name.strip():
            raise InputError("a key needs a name", do="say who or what uses it")
        keys = dict(self._read())
        secret = secrets.token_urlsafe(32)
        made = dt.datetime.fromisoformat(now)
        key = Key(
            secrets.token_hex(4), name.strip(), tuple(s for s in SCOPES if s in scopes), _hasher().hash(secret),
            now, (made.date() + dt.timedelta(days=days)).isoformat(),
        )  # fmt: skip
        self._write({**keys, key.id: key})
        return f"{_MARK}_{key.id}_{secret}"

    def drop(self, key_id: str) -> None:
        """Take a key out of the file: it opens nothing from now on."""
        keys = dict(self._read())
        if keys.pop(key_id, None) is None:
            raise InputError(f"there is no key {key_id!r}", where=str(self.path))
        self._write(keys)

    def all(self) -> list[Key]:
        """Every key of the file, also those that have expired."""
        return list(self._read().values())

    def caller(self, text: str, today: str) -> Caller | None:
        """Whom a key speaks for; None where it is unknown, wrong or has expired."""
        mark, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._read().get(key_id) if mark == _MARK else None
        if key is None or today >= key.expires_on:
            return None
        # argon2 costs 30 ms and 64 MB by design; a key that was proved once is known by its plain hash.
        plain = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        if not hmac.compare_digest(self._proved.get(plain, ""), key.digest):
            if not _is_right(key.digest, secret):
                return None
            self._proved[plain] = key.digest
        return Caller(key.id, key.scopes)

    def caller_of(self, key_id: str, today: str) -> Caller | None:
        """The caller of a session opened with this key, as long as the key stands."""
        key = self._read().get(key_id)
        return None if key is None or today >= key.expires_on else Caller(key.id, key.scopes)

    def _read(self) -> dict[str, Key]:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._keys = None, {}
            return {}
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            try:
                rows: list[dict[str, Any]] = json.loads(self.path.read_text("utf-8"))["keys"]
                self._keys = {row["id"]: Key(**{**row, "scopes": tuple(row["scopes"])}) for row in rows}
            except (ValueError, KeyError, TypeError) as error:
                raise ConfigError(
                    f"is no file of keys ({error})", where=str(self.path), do="`caveat key add` makes one"
                ) from None
            self._stamp = stamp
        return self._keys

    def _write(self, keys: dict[str, Key]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            json.dump({"keys": [asdict(k) for k in keys.values()]}, stream, ensure_ascii=False, indent=1)
        draft.replace(self.path)
        self._stamp = None


def _hasher() -> Any:
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError:
        raise MissingPartError("API keys need argon2-cffi", do="pip install 'caveat[serve]'") from None
    return PasswordHasher()


def _is_right(digest: str, secret: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return bool(_hasher().verify(digest, secret))
    except (Argon2Error, InvalidHashError):
        return False
