"""Companies and bodies in their own script against the English name a list prints."""

import pytest

from caveat.names import read_name
from caveat.screening import compare

MEET = [
    ("ООО «Восток»", "Vostok LLC"),
    ("ООО «Восток»", "East LLC"),
    ("Общество с ограниченной ответственностью «Технологии и сервис»", "Technologies and Service LLC"),
    ("АО «Тульский оружейный завод»", "Tula Arms Plant JSC"),
    ("АО «НИИ точных приборов»", "Research Institute of Precision Instruments JSC"),
    ("АО «НПО «Горизонт-7»", "NPO Gorizont-7 JSC"),
    ("Научно-производственное объединение «Факел»", "Fakel Scientific Production Association"),
    ("Федеральное государственное унитарное предприятие «Уральский завод»", "Ural Plant FGUP"),
    ("Институт ядерной физики имени Г.И. Будкера", "Budker Institute of Nuclear Physics"),
    ("Казанский государственный университет", "Kazan State University"),
    ("Объединённая авиастроительная корпорация", "United Aircraft Corporation"),
    ("Министерство обороны Российской Федерации", "Ministry of Defence of the Russian Federation"),
    ("Батальон «Восток»", "Vostok Battalion"),
    ("Уфимское двигателестроительное предприятие", "Ufa Engine Building Enterprise"),
    ("Державне підприємство «Завод імені Малишева»", "Malyshev Plant State Enterprise"),
    ("Белорусский металлургический завод", "Belarusian Metallurgical Plant"),
    ("شركة البركة للتجارة العامة", "Al Baraka General Trading Company"),
    ("الشركة السورية للنفط", "Syrian Petroleum Company"),
    ("جامعة دمشق", "Damascus University"),
    ("مركز الدراسات والبحوث العلمية", "Scientific Studies and Research Center"),
    ("بانک ملی ایران", "Bank Melli Iran"),
    ("شرکت ملی نفت ایران", "National Iranian Oil Company"),
    ("سازمان انرژی اتمی ایران", "Atomic Energy Organization of Iran"),
    ("دانشگاه صنعتی اصفهان", "Isfahan University of Technology"),
    ("شرکت پرتو صنعت", "Parto Sanat Company"),
    ("گروه صنعتی شهید باکری", "Shahid Bakeri Industrial Group"),
    ("نیشنل ڈیولپمنٹ کمپلیکس", "National Development Complex"),
    ("조선백설무역회사", "Korea Paeksol Trading Corporation"),
    ("단천상업은행", "Tanchon Commercial Bank"),
    ("제2경제위원회", "Second Economic Committee"),
    ("국가보위성", "Ministry of State Security"),
    ("룡성기계련합기업소", "Ryongsong Machine Complex"),
    ("동원해운 주식회사", "Dongwon Shipping Co., Ltd."),
    ("서울대학교", "Seoul National University"),
    ("삼성전자 주식회사", "Samsung Electronics Co., Ltd."),
]

STRANGERS = [
    ("ООО «Ромашка»", "Vostok LLC"),
    ("АО «Научно-производственное объединение «Луч»", "Fakel Scientific Production Association"),
    ("Казанский государственный университет", "Omsk State University"),
    ("Омский авиационный завод", "Kazan Aviation Plant"),
    ("Томский механический завод", "Tula Mechanical Plant"),
    ("Институт химии имени А.А. Петрова", "Budker Institute of Nuclear Physics"),
    ("АО «27 авиаремонтный завод»", "31st Aircraft Repair Plant JSC"),
    ("شرکت سپیده بازرگانی", "Al Baraka General Trading Company"),
    ("شركة الفرات للتجارة العامة", "Al Baraka General Trading Company"),
    ("دانشگاه صنعتی شیراز", "Isfahan University of Technology"),
    ("دانشگاه تبریز", "University of Tehran"),
    ("جامعة حلب", "Damascus University"),
    ("گروه صنعتی شهید کریمی", "Shahid Bakeri Industrial Group"),
    ("بانک صادرات ایران", "Bank Melli Iran"),
    ("조선금강무역회사", "Korea Paeksol Trading Corporation"),
    ("부산은행", "Seoul Bank"),
    ("평양기계공장", "Wonsan Machine Factory"),
    ("대동신용은행", "Tanchon Commercial Bank"),
    ("제3경제위원회", "Second Economic Committee"),
]


@pytest.mark.parametrize(("native", "latin"), MEET)
def test_a_body_meets_its_english_name(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "match"
    assert compare(latin, native).verdict == "match"


@pytest.mark.parametrize(("native", "latin"), STRANGERS)
def test_another_body_of_the_trade_does_not(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "no_match"
    assert compare(latin, native).verdict == "no_match"


@pytest.mark.parametrize(
    "name",
    [
        "Павел Сибирский", "Иван Банков", "Надежда Волкова", "Мира Московская", "Сергей Заводов", "Владимир Титов",
        "محمد الطهراني", "حسن شیرازی", "فارس البحري", "عمران خان", "بندر بن سلطان",
        "박지원", "정은행", "이기술", "김 영화", "조선호",
    ],
)  # fmt: skip
def test_a_person_is_read_by_sound(name: str) -> None:
    assert all(reading.how not in ("english", "spelled") for reading in read_name(name)[1:])
    assert not any(word in {"bank", "science", "port", "plant", "korea"} for r in read_name(name) for word in _texts(r))


def _texts(reading: object) -> list[str]:
    return [t.text for t in reading.tokens]  # type: ignore[attr-defined]


def test_a_body_pays_for_its_sounds_alone() -> None:
    first, *others = read_name("Казанский государственный университет")
    assert [t.text for t in first.tokens] == ["kazan", "state", "university"]
    assert {reading.choices for reading in others} == {1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Общество с ограниченной ответственностью «Ромашка»", "Общество с ограниченной ответственностью «Восток»"),
        ("АО «Механический завод «Луч»", "АО «Механический завод «Маяк»"),
        ("Казанский государственный университет", "Омский государственный университет"),
        ("شركة النور للتجارة العامة المحدودة", "شركة الفرات للتجارة العامة المحدودة"),
        ("دانشگاه صنعتی اصفهان", "دانشگاه صنعتی شیراز"),
        ("주식회사 한빛무역", "주식회사 대성무역"),
    ],
)
def test_what_a_trade_shares_tells_little_in_its_own_script(one: str, other: str) -> None:
    assert compare(one, other).verdict == "no_match"
    assert compare(one, one).score > 0.99


def test_a_form_spelled_out_is_the_form() -> None:
    assert compare("Общество с ограниченной ответственностью «Ромашка»", "ООО «Ромашка»").verdict == "match"
