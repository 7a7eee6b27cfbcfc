"""Every page for everybody: axe finds no violation, in light, dark, on a phone and in Chinese; nothing is cut off."""

from __future__ import annotations

from typing import Any

import pytest
from serving import Service

pytestmark = pytest.mark.chromium

PAGES = {
    "sign in": "/sign-in", "search": "/", "hits": "/?name=Hikvison+Digital", "no hit": "/?name=Zebulon+Quirk",
    "party": "/party/Hikvision", "act": "/act?party=Hikvision", "changes": "/changes?from=2019-10-01&to=2022-12-31",
    "coverage": "/coverage", "files": "/upload", "receipt": "/receipt?name=Hikvision", "article": "/article",
    "error": "/party/nobody",
}  # fmt: skip
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}, "locale": "en-US"},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}, "locale": "en-US"},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}, "locale": "en-US"},
    "chinese": {"color_scheme": "light", "viewport": {"width": 820, "height": 1100}, "locale": "zh-CN"},
}


@pytest.fixture(scope="module", params=LOOKS)
def look(browser: Any, service: Service, request: pytest.FixtureRequest):
    context = browser.new_context(base_url=service.url, **LOOKS[request.param])
    page = context.new_page()
    page.goto(f"/?token={service.token}")
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(look: Any, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    look.goto(PAGES[name])
    _judge(axe, look)


def test_axe_finds_no_violation_in_an_answer(look: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    look.goto("/act?party=Hangzhou+Hikvision+Digital+Technology+Co.,+Ltd.&country=CN")
    look.fill("[name=destination]", "CN")
    look.click("#act > button")
    look.locator(".outcome").wait_for()
    _judge(axe, look)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_screen(look: Any, name: str) -> None:
    look.goto(PAGES[name])
    assert look.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def _judge(axe: Any, page: Any) -> None:
    found = axe.run(page).response["violations"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"][:4]], v["nodes"][0]["failureSummary"]) for v in found] == []
