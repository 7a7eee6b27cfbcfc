"""Every party the five articles name is found by `show`, as the article spells it, with what each list calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from ledger.small_lists import Desk

from caveat.app import App, open_app

EL, CMIC = "us.bis.entity_list", "us.ofac.ns_cmic"

#: As written in the articles -> lists on which the party must be found, and its first Entity List day.
PARTIES: dict[str, tuple[set[str], str | None]] = {
    "Urumqi Tianyao Weiye Information Technology Service": ({EL}, "2021-07-12"),
    "Tianyao Weiye": ({EL}, "2021-07-12"),
    "Xinjiang Sailing Information Technology": ({EL}, "2021-07-12"),
    "Leon Technology": ({EL, CMIC}, "2021-07-12"),
    "Leon Technology Company": ({EL, CMIC}, "2021-07-12"),
    "Xinjiang Uighur Autonomous Region People's Government Public Security Bureau": ({EL}, "2019-10-09"),
    "Xinjiang Uighur Autonomous Region People’s Government Public Security Bureau": ({EL}, "2019-10-09"),
    "Hikvision": ({EL, CMIC, "us.fcc.covered_list", "us.far.section_889"}, "2019-10-09"),
    "Dahua Technology": ({EL, "us.fcc.covered_list", "us.far.section_889"}, "2019-10-09"),
    "Zhejiang Dahua Technology": ({EL, "us.fcc.covered_list", "us.far.section_889"}, "2019-10-09"),
    "IFLYTEK": ({EL}, "2019-10-09"),
    "iFlytek": ({EL}, "2019-10-09"),
    "Megvii": ({EL, CMIC}, "2019-10-09"),
    "Megvii Technology": ({EL, CMIC}, "2019-10-09"),
    "Sense Time": ({EL, CMIC}, "2019-10-09"),
    "SenseTime": ({EL, CMIC}, "2019-10-09"),
    "Xiamen Meiya Pico Information": ({EL, CMIC}, "2019-10-09"),
    "Meiya Pico": ({EL, CMIC}, "2019-10-09"),
    "Yitu": ({EL, CMIC}, "2019-10-09"),
    "Yitu Technologies": ({EL, CMIC}, "2019-10-09"),
    "Yixin Science and Technology": ({EL}, "2019-10-09"),
    "Yixin Technology Company": ({EL}, "2019-10-09"),
    "SZ DJI Technology": ({EL, CMIC}, "2020-12-18"),
    "DJI": ({EL, CMIC}, "2020-12-18"),
    "Cloudwalk Technology": ({EL, CMIC}, "2020-06-05"),
    "Dawning Information Industry": ({EL, CMIC}, "2019-06-24"),
    "Netposa Technologies": ({EL, CMIC}, "2020-06-05"),
    "Huawei": ({EL}, "2019-05-16"),
    "Semiconductor Manufacturing International Corp": ({EL}, "2020-12-18"),
    "SMIC": ({EL}, "2020-12-18"),
}
#: Named, and on no list of the record: `show` must say so, never answer with somebody else.
NOT_LISTED = ("CCTV", "Intel", "Nvidia", "Ambarella", "Western Digital", "Seagate Technology", "IPVM", "Reuters",
              "Sequoia Capital China", "Kleiner Perkins", "Financial Times", "Wilbur Ross")  # fmt: skip


@pytest.fixture(scope="module")
def app(new_desk: Callable[..., Desk]) -> Iterator[App]:
    """A fresh install."""
    path = new_desk(starter=True).store.path
    with open_app(str(path)) as made:
        yield made


@pytest.mark.parametrize("name", PARTIES)
def test_the_party_is_found_as_the_article_spells_it(app: App, name: str) -> None:
    lists, since = PARTIES[name]
    shown = app.show(name)
    on = {shown["list"]: shown["name"]} | {p["list"]: p["name"] for p in shown["same_party"]}
    assert lists <= set(on)
    assert all(on.values()), "what each list called it"
    assert all(p["why"] for p in shown["same_party"])
    entity_list = [p for p in (shown, *shown["same_party"]) if p["list"] == EL]
    assert since in {p["effective_on"] for p in entity_list}
    assert shown["starter"]


@pytest.mark.parametrize("name", NOT_LISTED)
def test_who_is_not_listed_is_not_shown(app: App, name: str) -> None:
    from caveat.errors import UnknownEntryError

    with pytest.raises(UnknownEntryError, match=name):
        app.show(name)


@pytest.mark.parametrize(
    "name", ["Ministry of Public Security's Institute of Forensic Science", "Institute of Forensic Science"]
)
def test_who_was_removed_is_found_by_a_part_of_the_name(app: App, name: str) -> None:
    shown = app.show(name)
    assert (shown["list"], shown["status"], shown["in_force"]["until"]) == (EL, "removed", "2023-11-16")
    assert name in shown["found_by"]


def test_a_name_that_is_no_longer_listed_shows_the_party_where_it_is(app: App) -> None:
    shown = app.show("Megvii")
    assert (shown["list"], shown["status"], shown["effective_on"]) == (EL, "listed", "2019-10-09")
    assert "removed from us.dod.section_1260h" in shown["found_by"]
    gone = next(p["entry_id"] for p in shown["same_party"] if p["status"] == "removed")
    assert app.show(gone)["entry_id"] == gone, "asked for by its id it is shown itself"


def test_what_is_only_announced_is_shown_itself(app: App) -> None:
    shown = app.show("Hangzhou Hikvision Digital Technology Co., Ltd.", app.as_of("2019-10-08"))
    assert (shown["list"], shown["status"]) == (EL, "announced")


def test_who_is_merely_near_is_not_the_same_party(app: App) -> None:
    shown = app.show("SZ DJI Technology")
    assert {p["list"] for p in shown["same_party"]} == {CMIC, "us.dod.section_1260h"}
    assert all("DJI" in p["name"] for p in shown["same_party"])
    assert {p["entry_id"] for p in shown["near"]}.isdisjoint(p["entry_id"] for p in shown["same_party"])


def test_china_telecom_and_its_fcc_measures(app: App) -> None:
    shown = app.show("China Telecom (Americas) Corporation")
    assert "us.fcc.covered_list" in {shown["list"], *(p["list"] for p in shown["same_party"])}


@pytest.mark.parametrize(
    "name", ["People’s Government Public Security Bureau in Xinjiang", "China Telcom", "Netposa", "Hikvison"]
)
def test_the_rest_is_found_by_screening(app: App, name: str) -> None:
    assert app.screen(name).status == "hits"
