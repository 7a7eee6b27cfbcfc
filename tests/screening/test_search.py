"""The index and the search: what must be found, in which order, and what is said of it."""

import math
import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caveat.errors import InputError, StoreError
from caveat.model import Address, Entry, Identifier, Name
from caveat.names import read_name
from caveat.screening import Index, Query, may_hit, near, open_index, search, write_index
from caveat.screening.evidence import DEFAULT_THRESHOLD, log_odds, name_points, weights
from caveat.screening.scorer import score

ENTRIES = [
    ("hik", Entry("us.bis.entity_list", "organization", names=(
        Name("Hangzhou Hikvision Digital Technology Co., Ltd.", "primary"), Name("Hikvision")),
        countries=("CN",), addresses=(Address("555 Qianmo Road, Binjiang District, Hangzhou", "CN"),))),
    ("dahua-us", Entry("us.bis.denied_persons", "organization", names=(
        Name("DAHUA ELECTRONICS CORPORATION", "primary"),), countries=("US",))),
    ("dahua", Entry("us.bis.entity_list", "organization", names=(
        Name("Zhejiang Dahua Technology Co., Ltd.", "primary"), Name("Dahua Technology")), countries=("CN",))),
    ("saddam", Entry("us.ofac.sdn", "person", names=(
        Name("HUSSEIN AL-TIKRITI, Saddam", "primary"), Name("ABU ALI", "weak")), birth_dates=("1937-04-28",))),
    ("amber", Entry("us.ofac.sdn", "vessel", names=(Name("AMBER", "primary"),),
        identifiers=(Identifier("imo", "9187629"),))),
    ("al-qaida", Entry("us.ofac.sdn", "organization", names=(Name("AL QA'IDA", "primary"), Name("القاعدة")))),
    ("huawei", Entry("us.bis.entity_list", "organization", names=(Name("华为技术有限公司", "primary"),))),
    ("address", Entry("us.bis.entity_list", "address", names=(Name("Address 01", "primary"),),
        addresses=(Address("Room 1204, 12/F, Kwong Fat Building, 88 Hoi Yuen Road, Kwun Tong", "HK"),))),
    ("almaz", Entry("us.ofac.sdn", "organization", names=(Name("JSC ALMAZ-ANTEY", "primary"),))),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("index")
    write_index(ENTRIES, folder)
    return open_index(folder)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO LTD", "hik"),
        ("Hikvison", "hik"),
        ("Hik Vision Digital", "hik"),
        ("Saddam Hussein al-Tikriti", "saddam"),
        ("alqaida", "al-qaida"),
        ("القاعدة", "al-qaida"),
        ("Huawei Technologies", "huawei"),
        ("華為技術有限公司", "huawei"),
        ("Almaz Antey Telecom", "almaz"),
        ("Dahua Technology", "dahua"),
        ("Dahua Electronics Corp.", "dahua-us"),
        ("Нikvision", "hik"),
    ],
)
def test_found_and_first(index: Index, name: str, entry: str) -> None:
    assert search(index, Query(name))[0].entry_id == entry


def test_the_matched_name_is_verbatim(index: Index) -> None:
    assert search(index, Query("hussein al tikriti saddam"))[0].matched_name == "HUSSEIN AL-TIKRITI, Saddam"


def test_evidence_adds_up_to_the_score(index: Index) -> None:
    for name in ("Hikvison Digital", "Saddam Husain", "Dahua Technology"):
        for hit in search(index, Query(name, country="CN", kind="organization"), threshold=0.05):
            total = sum(piece.points for piece in hit.evidence)
            assert hit.score == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-9)


def test_country_and_kind_part_namesakes(index: Index) -> None:
    hits = {h.entry_id: h.score for h in search(index, Query("Dahua", country="US"), threshold=0.01)}
    assert hits["dahua-us"] > search(index, Query("Dahua", country="CN"), threshold=0.01)[-1].score


def test_a_legal_form_is_no_vessel(index: Index) -> None:
    assert [h.entry_id for h in search(index, Query("Amber"))] == ["amber"]
    assert search(index, Query("Amber Automotive Inc")) == []
    dropped = near(index, Query("Amber Automotive Inc"))
    assert dropped[0].candidate.entry_id == "amber"
    assert "vessel" in dropped[0].reason


def test_a_number_finds_whatever_the_name(index: Index) -> None:
    hit = search(index, Query("Renamed Star", identifiers=("IMO 9187629",)))[0]
    assert hit.entry_id == "amber"
    assert any(piece.feature == "identifier" for piece in hit.evidence)


def test_an_address_alone_is_a_hit(index: Index) -> None:
    for query in (
        Query("Bright Star Ltd", address="Rm 1204 Kwong Fat Bldg, 88 Hoi Yuen Rd, Kwun Tong"),
        Query("Room 1204, Kwong Fat Building, 88 Hoi Yuen Road, Kwun Tong", kind="address"),
    ):
        hit = search(index, query)[0]
        assert hit.entry_id == "address"
        assert any(piece.feature == "address" for piece in hit.evidence)


def test_a_shared_address_is_a_hit(index: Index) -> None:
    hit = search(index, Query("Qiming Trading", address="555 Qianmo Rd, Binjiang, Hangzhou"))[0]
    assert hit.entry_id == "hik"
    assert search(index, Query("Qiming Trading", address="12 Nanhai Avenue, Shenzhen")) == []


def test_accepts_is_asked_until_enough_survive(index: Index) -> None:
    names = [h.entry_id for h in search(index, Query("Dahua"), threshold=0.01)]
    assert len(names) > 1
    rest = search(index, Query("Dahua"), threshold=0.01, limit=1, accepts=lambda entry: entry != names[0])
    assert [h.entry_id for h in rest] == [names[1]]


def test_lists_and_kind_are_filters(index: Index) -> None:
    assert search(index, Query("Hikvision"), lists=["us.ofac.sdn"]) == []
    assert search(index, Query("Hikvision"), kind="vessel") == []


@pytest.mark.parametrize("name", ["", "  ", "...", "🙂", "\u200d\u200d", "ab\ud800c", "x" * 10_000])
def test_a_name_that_cannot_be_read_is_an_error(index: Index, name: str) -> None:
    with pytest.raises(InputError):
        search(index, Query(name))


@pytest.mark.parametrize("name", ["A", "12345", "a" * 900, "x" * 1000, "𝕳𝖎𝖐𝖛𝖎𝖘𝖎𝖔𝖓", "\u202eHikvision", "Al", "the of"])
def test_odd_names_have_an_answer(index: Index, name: str) -> None:
    search(index, Query(name))


def test_no_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_index(tmp_path)


def test_a_new_index_leaves_the_open_one(tmp_path: Path) -> None:
    write_index(ENTRIES[:1], tmp_path)
    old = open_index(tmp_path)
    write_index(ENTRIES, tmp_path)
    assert search(old, Query("Saddam Hussein al-Tikriti")) == []
    assert search(open_index(tmp_path), Query("Saddam Hussein al-Tikriti"))
    assert search(old, Query("Hikvision"))


@pytest.mark.parametrize("names", [(), ("",), ("!?",)])
def test_an_index_of_nothing_that_can_be_read_answers(names: tuple[str, ...], tmp_path: Path) -> None:
    write_index([("odd", Entry("us.ofac.sdn", names=tuple(map(Name, names))))] if names else [], tmp_path)
    assert search(open_index(tmp_path), Query("Hikvision")) == []


def full_scan(index: Index, name: str, line: int) -> set[int]:
    """Rows whose own score reaches the line, by scoring each of them."""
    return {
        row
        for reading in read_name(name)
        for row in range(index.rows)
        if name_points(score(reading.tokens, index.row_tokens(row)), False) >= line
    }


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 8), st.integers(0, 3), st.integers(0, 10**6))
def test_candidates_lose_nothing_a_full_scan_finds(which: int, edits: int, seed: int) -> None:
    index = _small()
    rng = random.Random(seed)
    name = ENTRIES[which][1].names[0].text
    letters = list(name)
    for _ in range(edits):
        place = rng.randrange(len(letters))
        letters[place] = rng.choice(string.ascii_letters + " ")
    text = "".join(letters)
    if not any(c.isalnum() for c in text):
        return
    line = log_odds(DEFAULT_THRESHOLD)
    found = {int(r) for reading in read_name(text) for r in index.plain.rows_near(reading.tokens, line)}
    assert full_scan(index, text, line) - found <= set(_short(index, text))


def _short(index: Index, text: str) -> list[int]:
    return [row for reading in read_name(text) for row in index.shortened(reading.tokens)]


def _small() -> Index:
    import tempfile

    if not _kept:
        folder = Path(tempfile.mkdtemp())
        write_index(ENTRIES, folder)
        _kept.append(open_index(folder))
    return _kept[0]


_kept: list[Index] = []

WORDS = ("wei", "we", "i", "ab", "co", "ltd", "the", "technology", "x" * 31, "华为", "мир", "محمد", "박", "12")


def test_weights_are_whole_numbers() -> None:
    assert {"base", "ratio", "rarity", "rarity_cap", "same_name"} <= set(weights())


def test_bags_at_once_are_bags_one_by_one() -> None:
    from caveat.screening.letters import Letters, bag

    texts = ["hikvision", "aabb", "", "محمد", "zzzzz", "12x", "习近平"]
    assert [int(bits) for bits in Letters.of(texts).shapes("term")["term_bag"]] == [bag(text) for text in texts]


def test_skeletons_of_runs_at_once_are_those_one_by_one() -> None:
    import numpy as np

    from caveat.names import run_skeleton
    from caveat.screening.letters import Letters

    texts = ["mt", "tn", "t", "11", "1", "近", "n"]
    runs = [(0, 1), (0, 2, 1), (3, 4), (5, 5), (1, 6, 6), (2, 2), (2, 2, 2, 1)]
    found = Letters.of(texts).runs(np.array([p for run in runs for p in run]), np.array([len(run) for run in runs]))
    asked = [run_skeleton([texts[p] for p in run]) for run in runs]
    assert found.units.tobytes().decode("utf-32-le") == "".join(asked)
    assert found.lengths.tolist() == [len(skeleton) for skeleton in asked]


def test_the_kernel_gives_the_reference_scores(index: Index) -> None:
    if index.kernel is None:
        pytest.skip("the compiled kernel is not built here")
    rng = random.Random(4)
    listed = [name.text for _, entry in ENTRIES for name in entry.names]
    for _ in range(400):
        letters = list(rng.choice(listed))
        for _ in range(rng.randrange(4)):
            letters[rng.randrange(len(letters))] = rng.choice(string.ascii_letters + " 1")
        readings = read_name("".join(letters))
        if not readings:
            continue
        for tokens in (reading.tokens for reading in readings):
            for row in range(index.rows):
                aligned = score(tokens, index.row_tokens(row))
                assert index.aligned(tokens, row) == aligned
                if all(link.why != "acronym" for link in aligned.links):
                    told = index.kernel.total(tokens, row)
                    assert told == (aligned.total, aligned.whole, aligned.is_heard)


def test_without_the_kernel_the_same_answer(index: Index) -> None:
    alone = Index(index.folder)
    alone.kernel = None
    for name in ("Hikvison Digital", "Saddam Husain al Tikriti", "Dahua Technology", "华为技术有限公司", "alqaeda"):
        assert search(alone, Query(name), threshold=0.1) == search(index, Query(name), threshold=0.1)


def test_a_name_of_very_many_words_finds_the_same_without_the_kernel(tmp_path: Path) -> None:
    heads = ("kalo", "miru", "senta", "vopi", "dral", "zun", "hext", "brio")
    words = [head + end for head in heads for end in ("tex", "mar", "ling")]
    entry = Entry("t.list", names=(Name(" ".join(words)),))
    write_index(iter([("long", entry), *ENTRIES]), tmp_path)
    index, alone = open_index(tmp_path), open_index(tmp_path)
    alone.kernel = None
    for more in (8, 9, 35, 36, 37, 50):
        added = [f"quorn{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(more)]
        query = Query(" ".join([*words[:-1], words[-1][:-1], *added]))
        found = search(index, query, threshold=0.01)
        assert [c.entry_id for c in found][:1] == ["long"]
        assert search(alone, query, threshold=0.01) == found


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 8), st.integers(0, 3), st.integers(0, 10**6))
def test_without_the_kernel_the_same_rows(which: int, edits: int, seed: int) -> None:
    index, rng = _small(), random.Random(seed)
    if index.kernel is None:
        pytest.skip("the compiled kernel is not built here")
    letters = list(ENTRIES[which][1].names[0].text)
    for _ in range(edits):
        letters[rng.randrange(len(letters))] = rng.choice(string.ascii_letters + " ")
    for reading in read_name("".join(letters)):
        for least in (log_odds(DEFAULT_THRESHOLD), -4000):
            found = index.plain.find(reading.tokens, least)
            assert set(index.kernel.find(reading.tokens, least)) <= set(found)
            assert bool(found) == any(index.plain.meets([reading.tokens], [least]))


def test_without_the_kernel_most_strangers_are_passed_over(index: Index) -> None:
    alone = Index(index.folder)
    alone.kernel = None
    names = ("Emma Daniels", "Hikvison Digital", "Pizzeria Bella", "华为技术有限公司")
    assert may_hit(alone, [Query(name) for name in names]) == [False, True, False, True]


@pytest.mark.parametrize(
    ("listed", "asked"),
    [("Xyghrt zabcdef Qwertz", "Xyghrtzabc def Bnmhjk Lokij Qwertz"), ("Xy zabcdef Qwertz", "Xyzabc def Qwertz")],
)
def test_a_row_with_a_moved_blank_is_found_without_the_kernel(listed: str, asked: str, tmp_path: Path) -> None:
    write_index([("moved", Entry("us.ofac.sdn", "organization", names=(Name(listed),)))], tmp_path)
    plain = open_index(tmp_path).plain
    tokens = read_name(asked)[0].tokens
    points = name_points(score(tokens, plain.row_tokens(0)), False)
    assert plain.find(tokens, points) == [(0, points)]


def test_the_kernel_loses_no_row_an_initial_may_reach(tmp_path: Path) -> None:
    listed = [("cat", Entry("us.ofac.sdn", "organization", names=(Name("B-CAT"),)))]
    write_index(listed, tmp_path)
    index = open_index(tmp_path)
    tokens = read_name("C B")[0].tokens
    points = name_points(score(tokens, index.row_tokens(0)), False)
    assert index.scored(tokens, points) == [(0, points)]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), max_size=12))
def test_runs_of_many_rows_are_those_of_each(names: list[list[str]]) -> None:
    from caveat.screening.rows import Rows
    from caveat.screening.runs import spans

    rows = Rows()
    readings = [reading for name in names for reading in read_name(" ".join(name))]
    for number, reading in enumerate(readings):
        rows.add(number, number, reading.tokens)
    a = rows.arrays()
    starts, ends = a["term_start"][:-1].tolist(), a["term_start"][1:].tolist()
    text = a["term_units"].tobytes().decode("utf-32-le")
    found: dict[int, set[tuple[str, int]]] = {number: set() for number in range(len(readings))}
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if a["term_span"][place]:
            for row in a["posting"][a["posting_start"][place] : a["posting_start"][place + 1]].tolist():
                found[row].add((text[start:end], int(a["term_mode"][place])))
    for number, reading in enumerate(readings):
        mode = max(int(t.mode) for t in reading.tokens)
        assert found[number] == {(run, mode) for run in spans(reading.tokens)}


@pytest.mark.parametrize("asked", ["ABCDEF GHIJ", "ABCDEF GHIJ TRADING COMPANY", "XYZ ABCDEF GHIJ"])
@pytest.mark.parametrize("name", ["ABCD EFGHIJ", "ABCD EFGHIJ TRADING COMPANY"])
def test_a_moved_blank_is_met_wherever_it_stands(name: str, asked: str, tmp_path: Path) -> None:
    write_index([("one", Entry("us.ofac.sdn", "organization", names=(Name(name),)))], tmp_path)
    index = open_index(tmp_path)
    tokens = read_name(asked)[0].tokens
    points = name_points(score(tokens, index.row_tokens(0)), False)
    assert index.scored(tokens, points) == [(0, points)]


def test_words_forgotten_are_learned_anew(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    if index.kernel is None:
        pytest.skip("the compiled kernel is not built here")
    names = [name.text for _, entry in ENTRIES for name in entry.names] + ["Nobody Atall", "Ivan Quux", "Ka Kb"]
    readings = [reading.tokens for name in names for reading in read_name(name)]
    before = [index.scored(tokens, -2000) for tokens in readings]
    met = may_hit(index, [Query(name) for name in names])
    monkeypatch.setattr("caveat.screening.compiled._MOST_KNOWN", 3)
    assert [index.scored(tokens, -2000) for tokens in readings] == before
    assert [may_hit(index, [Query(name)])[0] for name in names] == met


def test_a_body_listed_in_its_own_script(tmp_path: Path) -> None:
    write_index(
        [("instruments", Entry("uk", "organization", names=(Name("Конструкторское бюро «Вымпел»", "primary"),)))],
        tmp_path,
    )
    native = open_index(tmp_path)
    for name in ("Vympel Design Bureau", "Konstruktorskoye Byuro Vympel", "КБ «Вымпел»"):
        assert [hit.entry_id for hit in search(native, Query(name))] == ["instruments"]
    assert not search(native, Query("Конструкторское бюро «Маяк»"))  # the trade, spelled on both sides, is no evidence
