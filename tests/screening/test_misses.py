"""What other engines miss silently or confuse, each named after where it was seen (field of 2026)."""

import pytest

from caveat.screening import Evidence, compare
from caveat.screening.beside import compare_births


def has(evidence: tuple[Evidence, ...], feature: str) -> bool:
    return any(piece.feature == feature for piece in evidence)


def test_trade_gov_one_extra_word() -> None:
    assert compare("Almaz Antey Telecom", "ALMAZ-ANTEY").verdict == "match"


def test_ofac_tool_first_letter_wrong() -> None:
    assert compare("Gikvision Digital Technology", "Hikvision Digital Technology").verdict == "match"
    assert compare("Kwardzhali Abdullayev", "Qwardzhali Abdullayev").verdict == "match"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("AVIC", "Aviation Industry Corporation of China"),
        ("SMIC", "Semiconductor Manufacturing International Corporation"),
        ("YMTC", "Yangtze Memory Technologies Co., Ltd."),
        ("IRISL", "Islamic Republic of Iran Shipping Lines"),
    ],
)
def test_logic_v2_acronyms(short: str, long: str) -> None:
    assert compare(short, long).verdict == "match"
    assert compare(long, short).verdict == "match"
    assert has(compare(short, long).evidence, "acronym")


def test_logic_v2_latin_against_han() -> None:
    assert compare("Huawei Technologies", "华为技术有限公司").verdict == "match"


def test_logic_v2_nicknames() -> None:
    assert compare("Jon Smith", "John Smith").verdict == "match"
    assert compare("Mohd Ali", "Mohammed Ali").verdict == "match"


def test_logic_v2_birth_year_slip() -> None:
    assert compare_births("1964-03-01", "1965-03-01")[0] > 0
    assert compare_births("1964-03-01", "1991-11-20")[0] < 0


def test_logic_v2_father_and_son() -> None:
    answer = compare("Ahmed bin Mohammed", "Mohammed bin Ahmed")
    assert answer.verdict == "no_match"
    assert has(answer.evidence, "father")


def test_logic_v2_saturation() -> None:
    names = ["Li Wei", "Zhang Wei Guo", "Hikvision", "Xinjiang Sailing Information Technology", "Mohammed Ali"]
    scores = [compare(name, name).score for name in names]
    assert len(set(scores)) == len(scores)
    assert all(score > 0.9 for score in scores)


def test_watchman_483_belletech() -> None:
    assert compare("BELLETECH CORP", "11420 CORP").verdict == "no_match"


def test_emma_daniels() -> None:
    assert compare("emma daniels", "EMMA LLC").verdict == "no_match"


def test_dahua_namesake_with_the_reason() -> None:
    answer = compare("Dahua Technology", "DAHUA ELECTRONICS CORPORATION")
    assert answer.verdict == "no_match"
    assert has(answer.evidence, "clash")
    assert compare("Dahua Technology", "Zhejiang Dahua Technology Co., Ltd.").verdict == "match"


def test_csl_48_doe_and_does() -> None:
    assert compare("doe", "does").verdict == "no_match"
    assert compare("DR", "DRIVE").verdict == "no_match"


def test_khamis_al() -> None:
    assert compare("Khamis Al", "Al Khamis").verdict == "match"
    assert compare("Khamis Al", "Al Qaida").verdict == "no_match"


@pytest.mark.parametrize(
    ("one", "other"),
    [("No. 38 Institute", "No. 14 Institute"), ("Ruby Trust I", "Ruby Trust II"), ("Second Academy", "Third Academy")],
)
def test_sister_bodies_differ_by_their_number(one: str, other: str) -> None:
    answer = compare(one, other)
    assert answer.verdict == "no_match"
    assert has(answer.evidence, "number")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SIS DOO", "SIS d.o.o."),
        ("alqaida", "al-Qa'ida"),
        ("Hik Vision", "Hikvision"),
        ("Xinjiang Xi Ling", "Xinjiang Xiling"),
        ("Krimea Trading House", "Crimea Trading House"),
        ("Sadam Husain", "Saddam Hussein"),
        ("Usama Ben Ladin", "Osama bin Laden"),
    ],
)
def test_spelled_otherwise(one: str, other: str) -> None:
    assert compare(one, other).verdict == "match"


NAMES = [
    "Li", "A", "11420", "LTD", "The Co", "Al", "Mohammed Ali", "Ahmed bin Mohammed", "华为", "王毅", "김정은", "محمد",
    "Иван", "ทักษิณ", "नरेन्द्र मोदी", "EP-MNJ", "OFFICE 39", "No. 38 Institute", "M/V Ocean Star", "Trust I",
    "M.A.T.S.A. S.A. DE C.V.", "World War II Museum", "Seventh Sense Company Limited", "x" * 900, "O'Neil & Sons",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_identical_name_is_a_match(name: str) -> None:
    assert compare(name, name).verdict == "match"
    assert compare(name.upper(), name.lower()).verdict == "match"


def test_logic_v2_father_and_son_in_a_longer_name() -> None:
    answer = compare("Ali ibn Hussein al-Hashimi", "Hussein ibn Ali al-Hashimi")
    assert answer.verdict == "no_match"
    assert has(answer.evidence, "father")
    assert not has(answer.evidence, "same_name")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gazprom PAO", "Public Joint Stock Company Gazprom"),
        ("Acme Optics Sdn Bhd", "Acme Optics Sendirian Berhad"),
        ("WINGS PRIVATE OINT STOCK COMPANY", "WINGS PRIVATE JOINT STOCK COMPANY"),
        ("Factory No. 5", "Factory Number Five"),
        ("SEVENH SENSE COMPANY LIMITED", "SEVENTH SENSE COMPANY LIMITED"),
        ("SOUTH HIL L5", "SOUTH HILL 5"),
        ("NATIONAL PEOROCHEMICAL COMPANY", "NATIONAL PETROCHEMICAL COMPANY"),
        ("Jorg Mueller", "Joerg Müller"),
        ("Mahan Air", "Mahan Airlines"),
        ("Qassim Soleymani", "Qasem Soleimani"),
        ("V.V. Putin", "PUTIN, Vladimir Vladimirovich"),
        ("Huawei", "Huawei Technologies Co., Ltd."),
        ("COSCO Shipping", "China COSCO Shipping Corporation Limited"),
        ("Aliaksandr Lukashenka", "Alexander Lukashenko"),
        ("MV Ocean Glory", "OCEAN GLORY"),
        ("Inspur", "Inspur Group"),
        ("I.B.M. Trading Omsk", "IBM Trading Omsk"),
        ("SILVER BRIDGES HIPPING CO", "SILVER BRIDGE SHIPPING CO"),
        ("GENERAL BUREAU OvF PETROLEUM INDUSTRY", "GENERAL BUREAU OF PETROLEUM INDUSTRY"),
        ("Jalaluddin Haqqani", "Jalal al-Din Haqani"),
        ("Abdurrahman Saleh", "Abd al-Rahman Salih"),
        ("Habibollah Khan", "Habib Allah Khan"),
        ("Fazlur Rehman Khalil", "Fazl al-Rahman Khalil"),
        ("Nur-ul-Haq Amin", "Noorulhaq Amin"),
        ("Jürgen Schröder", "Jurgen Schroeder"),
        # a bureau by any name of its town
        ("Xinjiang PSB", "Xinjiang Uyghur Autonomous Region (XUAR) People's Government Public Security Bureau"),
        ("Xinjiang Public Security Department", "新疆维吾尔自治区公安厅"),
        ("Turpan City Public Security Bureau", "Turfan Municipality Public Security Bureau"),
        ("Kumul Public Security Bureau", "Hami Municipality Public Security Bureau"),
        ("Bortala Public Security Bureau", "Boertala Mongolian Autonomous Prefecture Public Security Bureau"),
        ("Ili Public Security Bureau", "Yili Kazakh Autonomous Prefecture Public Security Bureau"),
        ("Public Security Bureau, Kashgar", "喀什地区公安局"),
        ("Hotan District Public Security Bureau", "Hetian Prefecture Public Security Bureau"),
        ("Dahua", "Zhejiang Dahua Technology Co., Ltd."),
        ("Hikvison", "Hangzhou Hikvision Digital Technology Co., Ltd."),
        ("Hetian Haolin", "Hetian Haolin Hair Accessories Co., Ltd."),
        ("AKTSIOENRNOE OBSHCHESTVO OKTAVA", "AKTSIONERNOE OBSHCHESTVO OKTAVA"),
    ],
)
def test_one_party_in_two_spellings(one: str, other: str) -> None:
    assert compare(one, other).verdict == "match"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MRT PROPERTIES LLC", "SUN PROPERTIES LLC"),
        ("Carlos Slim", "Carlos Salim"),
        ("SMIC", "SMEC"),
        ("Zheng Wei", "Zhang Wei"),
        ("Uday Hussein", "Saddam Hussein"),
        ("Factory No. 5", "Factory Number Six"),
        ("BHARAT V. CHANIYARA", "MANARA S.A.S."),
        ("Sheikh Ahmed", "Abu Ahmed Group"),
        ("Syed Ahmed", "AHMED, Saeed"),
        ("D D Industries, Inc.", "DANDONG DONGYUAN INDUSTRIAL CO."),
        ("Antonio Torres", "TORRES HERNANDEZ, Antonio"),
        ("Bank Melli", "Bank Mellat"),
        ("Bank Mellat Iran", "Bank Melli Iran"),
        ("Hikvision", "IS'Vision"),
        ("Huawei", "Huawei Research & Development (UK) Ltd"),
        ("Beijing Public Security Bureau", "Xinjiang Public Security Bureau"),
        ("Aksu Prefecture Public Security Bureau", "Hetian Prefecture Public Security Bureau"),
        ("喀什地区公安局", "和田地区公安局"),
        ("Salman bin Abdulaziz", "Abd al-Aziz bin Salman"),
        ("GUI YUE LI", "LI, Guihua"),
        ("Geng Shuang", "商汤"),
        ("Wang Jineng", "王君正"),
        ("Zhao Lijian", "霍留军"),
        ("Hoshine", "胡联合"),
    ],
)
def test_two_parties_that_look_alike(one: str, other: str) -> None:
    assert compare(one, other).verdict == "no_match"
