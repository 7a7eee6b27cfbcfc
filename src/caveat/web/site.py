"""The pages hung on the site: routes, static files, and errors told as pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

from caveat.errors import CaveatError, UnknownEntryError
from caveat.web import acts, articles, files, ledger, parties
from caveat.web.render import page, words_of
from caveat.web.words import LANGUAGES


class Told(APIRoute):
    """A route whose errors are pages for a person, with what to do next."""

    def get_route_handler(self) -> Any:
        """The handler, with Caveat's own errors turned into a page."""
        answer = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                response: Response = await answer(request)
            except CaveatError as error:
                status = 404 if isinstance(error, UnknownEntryError) else 400
                return page(request, "error.html", status, error=error)
            return response

        return told


class Kept(StaticFiles):
    """Static files whose address holds their hash: a browser may keep them."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """The file, with leave to keep it."""
        answer = super().file_response(*args, **options)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def mount(site: FastAPI) -> None:
    """Hang the pages on the site."""
    router = APIRouter(route_class=Told, include_in_schema=False)
    for part in (parties, ledger, acts, files):
        part.hang(router)
    if site.state.desk.has("read"):
        articles.hang(router)
    router.add_api_route("/sign-in", _sign_in, methods=["GET"])
    router.add_api_route("/sign-in", _signed_in, methods=["POST"])
    router.add_api_route("/language", _language, methods=["POST"])
    router.add_api_route("/sign-out", _sign_out, methods=["POST"])
    site.include_router(router)
    site.mount("/static", Kept(directory=Path(__file__).parent / "static"), name="static")


async def _sign_in(request: Request) -> Response:
    return page(request, "sign_in.html", next=_inside(request.query_params.get("next", "/")), wrong=False)


async def _signed_in(request: Request, token: str = Form(max_length=300), next: str = Form("/")) -> Response:  # noqa: A002
    caller = request.app.state.gate.admit(token.strip())
    if caller is None:
        return page(request, "sign_in.html", 401, next=_inside(next), wrong=True)
    request.session["caller"] = caller.id
    return RedirectResponse(_inside(next), 303)


async def _sign_out(request: Request) -> Response:
    request.session.clear()
    return RedirectResponse("/sign-in", 303)


async def _language(request: Request, language: str = Form(max_length=8), next: str = Form("/")) -> Response:  # noqa: A002
    if language in LANGUAGES:
        request.session["language"] = language
    words_of(request)
    return RedirectResponse(_inside(next), 303)


def _inside(place: str) -> str:
    """An address within this site; `/` for any other."""
    return place if place.startswith("/") and not place.startswith(("//", "/\\")) else "/"
