"""JSON as it comes in: read strictly and once, so that no route meets a number that is none or a key said twice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from caveat.errors import InputError

#: Deeper JSON than any question needs only costs time.
_DEEPEST = 40


class Strict(APIRoute):
    """A route whose JSON body is read by `parse_json`; what it refuses is a 400 with the reason."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The handler, given a request that reads strictly."""
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response: Response = await answer(_Request(request.scope, request.receive))
            return response

        return handler


class _Request(Request):
    async def json(self) -> Any:
        """The body; HTTPException, which FastAPI passes on, where it is refused."""
        if not hasattr(self, "_strict"):
            try:
                self._strict = parse_json(await self.body(), "request body")
            except InputError as error:
                raise HTTPException(400, str(error)) from None
        return self._strict


def parse_json(raw: bytes | str, where: str) -> Any:
    """A JSON value; InputError where it is none, or holds what JSON cannot say or no question needs."""
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_number, object_pairs_hook=_object)
    except InputError as error:
        raise InputError(error.what, where=where, do=error.do) from None
    except RecursionError:
        raise InputError(f"is nested deeper than {_DEEPEST} levels", where=where) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", where=where, do="send JSON in UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON ({error})", where=where) from None
    except ValueError:  # Python reads no whole number of more than some thousand digits
        raise InputError("holds a number of too many digits", where=where) from None
    check_depth(value, where=where)
    return value


def check_depth(value: Any, depth: int = 0, *, where: str = "request body") -> None:
    """InputError where a value is nested deeper than any question needs."""
    if depth > _DEEPEST:
        raise InputError(f"is nested deeper than {_DEEPEST} levels", where=where)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            check_depth(part, depth + 1, where=where)


def _no_number(text: str) -> Any:
    raise InputError(f"holds {text}, which is no number", do="leave it out if it is not known")


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text[:20])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"says {twice[:80]!r} twice", do="give each key once")
    return found
