"""A person's walks through the pages in Chromium: search, party, act, changes, files, article."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import Service
from shared_data import shared

pytestmark = pytest.mark.chromium

HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}} Hikvision"


def test_search_as_one_types_a_misspelt_name(page: Any) -> None:
    page.locator("#name").press_sequentially("Hikvison Digital", delay=15)
    page.locator(".hit").first.wait_for()
    assert "hikvision" in page.locator(".hit h3").first.inner_text().lower()
    assert "name=Hikvison+Digital" in page.url
    bars = page.locator(".hit").first.locator(".why[open] .fall tbody tr")
    assert bars.count() >= 3
    assert bars.locator("rect").count() == bars.count()
    assert "not covered" in page.locator(".basis summary").first.inner_text()


def test_search_in_han_and_by_address(page: Any) -> None:
    page.goto("/?name=海康威视")
    assert "hikvision" in page.locator(".hit h3").first.inner_text().lower()
    page.goto("/")
    page.get_by_text("More about the party").click()
    page.get_by_label("Kind").select_option("address")
    page.locator("#name").fill("555 Qianmo Road, Binjiang District, Hangzhou")
    page.get_by_role("button", name="Search").click()
    page.locator(".verdict").wait_for()


def test_silence_is_no_clearance(page: Any) -> None:
    page.goto("/?name=Zebulon+Quirk+Applethwaite")
    told = page.locator("#answer").inner_text()
    assert "No hit" in told
    assert "no clearance" in told


def test_a_party_across_lists(page: Any) -> None:
    page.goto("/?name=Hikvision")
    page.locator(".hit h3 a").first.click()
    page.locator(".timeline").wait_for()
    assert page.locator(".says").count() >= 4
    assert page.locator(".timeline .mark.effective_on").count() >= 4
    assert "Dates" in page.locator(".says").first.inner_text()
    address = page.locator(".permalink a").get_attribute("href")
    assert re.search(r"as_of=\d{4}-\d\d-\d\d&known=", address)
    page.get_by_text("BibTeX").click()
    assert "@misc{" in page.locator("#cite-bibtex").inner_text()
    page.goto(address)
    assert page.locator(".says").count() >= 4


def test_what_it_means_on_the_partys_own_page(page: Any) -> None:
    page.goto("/?name=Hangzhou+Hikvision+Digital+Technology+Co.,+Ltd.&list=us.bis.entity_list")
    page.locator(".hit h3 a").first.click()
    page.get_by_label("Day of the act").fill("2022-02-01")
    page.get_by_role("button", name="Determine", exact=True).click()
    page.locator("#answer .outcome").wait_for()
    assert "/party/" in page.url
    assert page.locator(".outcome h2").inner_text().lower() == "license required"
    question = page.locator(".open-questions fieldset").filter(has_text="necessary to detect")
    question.get_by_text("Yes").click()
    page.get_by_role("button", name="Determine with these answers").click()
    page.locator(".finding").filter(has_text="case by case").first.wait_for()
    assert "/party/" in page.url


def test_a_party_on_a_day_before_it_was_known(page: Any) -> None:
    page.goto("/?name=Hikvision&list=us.bis.entity_list")
    page.locator(".hit h3 a").first.click()
    page.get_by_label("In force on").fill("2019-10-08")
    page.get_by_role("button", name="Show that day").click()
    page.wait_for_url("**as_of=2019-10-08**")
    assert page.locator(".party-head .tag").first.inner_text() == "announced"


def test_an_act_to_its_answer_with_an_open_question_answered(page: Any) -> None:
    page.goto("/?name=Hangzhou+Hikvision+Digital+Technology+Co.,+Ltd.&list=us.bis.entity_list")
    page.get_by_text("What it means").first.click()
    page.get_by_label("Day of the act").fill("2022-02-01")
    page.get_by_label("Destination").fill("CN")
    page.get_by_label("Description and end use").fill("surgical masks")
    page.get_by_role("button", name="Determine", exact=True).click()
    page.locator(".outcome").wait_for()
    assert page.locator(".outcome h2").inner_text().lower() == "license required"
    asked = page.locator(".open-questions fieldset")
    before = asked.count()
    assert before >= 1
    question = asked.filter(has_text="necessary_to_treat_infectious_disease")
    question.get_by_text("Yes").click()
    page.get_by_role("button", name="Determine with these answers").click()
    page.locator(".finding").first.wait_for()
    assert "case by case" in page.locator(".finding").first.inner_text().lower()
    assert page.locator(".open-questions fieldset").count() < before


def test_what_changed_between_two_days(page: Any) -> None:
    page.goto("/changes?from=2019-10-01&to=2019-10-31")
    assert int(page.locator(".counts b").first.inner_text()) > 20
    page.locator("[name=list]").select_option("us.state.visa")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**list=us.state.visa**")
    assert page.locator(".strip rect").count() >= 1
    assert page.locator(".rows tbody tr:not(.day)").count() == int(page.locator(".counts b").first.inner_text())


def test_coverage_tells_what_is_not_loaded(page: Any) -> None:
    page.goto("/coverage")
    assert page.locator(".rows tbody tr").count() >= 5
    assert "un.sc" in page.locator(".plainlist").inner_text()


def test_a_file_of_5000_rows_with_progress_and_download(page: Any, tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    rows = [f"{n},{'Hikvison Digital' if n % 100 == 0 else f'Ordinary Trading House {n} Ltd'}" for n in range(5000)]
    source.write_text("id,name\n" + "\n".join(rows) + "\n", "utf-8")
    page.goto("/upload")
    page.set_input_files("#file", str(source))
    page.get_by_role("button", name="Screen the file").click()
    page.wait_for_url("**/upload/*")
    page.locator(".rows").wait_for(timeout=180_000)
    assert page.locator("[data-count=rows]").inner_text() == "5,000"
    page.locator("[name=status]").select_option("hits")
    page.locator("[name=q]").fill("hikv")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**status=hits**")
    assert page.locator(".rows tbody tr").count() == 50
    for form in ("CSV", "XLSX", "JSONL"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=form).click()
        assert waiting.value.suggested_filename.endswith(f".{form.lower()}")
        assert Path(waiting.value.path()).stat().st_size > 1000
    page.get_by_role("button", name="Remove this file").click()
    page.wait_for_url("**/upload")


def test_an_article_with_its_claims_marked(page: Any) -> None:
    text = shared("seeds", "000.txt").read_text("utf-8")
    page.goto("/article")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.locator(".claims li").first.wait_for(timeout=60_000)
    assert page.locator("mark").count() >= 3
    assert page.locator(".claims").get_by_text("confirmed").count() >= 1
    shown = page.locator(".text").evaluate("e => [...e.childNodes].filter(n => n.className != 'claim-no')"
                                           ".map(n => n.textContent).join('')")  # fmt: skip
    assert shown == text.replace("\r\n", "\n")
    page.locator(".text .claim-no").first.click()
    assert "#claim-" in page.url


def test_a_receipt_to_print(page: Any) -> None:
    page.goto("/?name=Hikvision")
    page.get_by_text("Receipt to print").click()
    page.locator(".receipt").wait_for()
    assert re.search(r"[0-9a-f]{64}", page.locator(".facts").inner_text())
    assert len(page.pdf()) > 5000


def test_in_chinese(page: Any) -> None:
    page.get_by_role("button", name="中文").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert "这是谁" in page.locator("h1").inner_text()
    page.goto("/coverage")
    assert "实体清单" in page.locator("main").inner_text()
    page.goto("/act")
    assert "对这笔交易意味着什么" in page.locator("h1").inner_text()
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert "act?" in page.locator("h1").inner_text()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "#ffffff"), ("dark", "#14171a")])
def test_pictures_have_the_colors_of_the_page(browser: Any, service: Service, scheme: str, paper: str) -> None:
    edges = f'from,to,type,pct,source\n"{HIKVISION}",Quiet Lens Ltd,owns,60,register\n'
    headers = {**service.headers, "Content-Type": "text/csv"}
    assert httpx.post(f"{service.url}/v1/edges?dataset=walk", content=edges, headers=headers).json()["edges"] == 1
    context = browser.new_context(base_url=service.url, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"/?token={service.token}")
    page.goto(f"/party/{HIKVISION}")
    picture = page.locator("img.picture").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('img.picture')].every(i => i.complete && i.naturalWidth > 0)")
    shown = picture.evaluate("image => image.currentSrc")
    assert ("theme=dark" in shown) == (scheme == "dark")
    assert f'fill="{paper}"' in httpx.get(shown, headers=service.headers).text
    context.close()


def test_without_javascript(browser: Any, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=service.url, locale="en-US")
    page = context.new_page()
    page.goto("/")
    page.fill("#token", service.token)
    page.get_by_role("button", name="Sign in").click()
    page.fill("#name", "Hikvison Digital")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".hit").first.locator(".listings tbody tr").count() >= 3
    page.locator(".hit h3 a").first.click()
    assert page.locator(".says").count() >= 4
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/?name={}", "/hits?name={}", "/receipt?name={}", "/act?party={}&entry_id={}", "/party/{}", "/changes?list={}",
     "/?name=x&as_of={}", "/?name=Hikvision&country={}", "/sign-in?next={}"],
)  # fmt: skip
def test_nothing_in_a_name_runs(browser: Any, service: Service, path: str) -> None:
    from urllib.parse import quote

    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda d: (ran.append(d.message), d.dismiss()))
    page.goto(f"/?token={service.token}")
    page.goto(path.replace("{}", quote(HOSTILE)))
    page.wait_for_timeout(150)
    assert page.locator("img").count() == 0
    assert "49" not in page.locator("body").inner_text() or "7*7" in page.content()
    assert ran == []
    context.close()


def test_nothing_in_an_article_or_a_file_runs(page: Any, tmp_path: Path) -> None:
    ran: list[str] = []
    page.on("dialog", lambda d: (ran.append(d.message), d.dismiss()))
    page.goto("/article")
    page.locator("#text").fill(f"The Commerce Department added {HOSTILE} to the Entity List on Oct. 9, 2019.")
    page.get_by_role("button", name="Read it").click()
    page.locator(".text, .callout").first.wait_for(timeout=60_000)
    source = tmp_path / "<b>x.csv"
    source.write_text(f'name\n"{HOSTILE.replace(chr(34), "")}"\n', "utf-8")
    page.goto("/upload")
    page.set_input_files("#file", str(source))
    page.get_by_role("button", name="Screen the file").click()
    page.locator(".rows").wait_for(timeout=60_000)
    assert page.locator("main img, main b b").count() == 0
    assert ran == []
