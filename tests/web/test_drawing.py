"""The drawings and forms behind the pages: waterfall, timeline, citation, form, marking."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("jinja2", reason="needs caveat[serve]")

from caveat.errors import InputError
from caveat.web import strip
from caveat.web.citing import citations
from caveat.web.form import put, questions, transaction
from caveat.web.marking import claims_in, mark
from caveat.web.timeline import draw
from caveat.web.waterfall import WIDTH, fall

#: A busy machine is no fault of a drawing.
_PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))


@_PATIENT
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=20))
def test_the_bars_of_a_waterfall_meet_and_stay_on_the_scale(points: list[float]) -> None:
    drawn = fall([{"feature": "f", "query": None, "entry": None, "points": p, "why": ""} for p in points])
    assert drawn.total == pytest.approx(sum(points))
    for bar in drawn.bars:
        assert -0.01 <= bar.x <= WIDTH + 0.01
        assert bar.x + bar.width <= WIDTH + 1
        assert bar.side == ("for" if bar.points >= 0 else "against")


def entry(**dates: str) -> dict:
    names = ("announced_on", "published_on", "effective_on", "removed_on", "expires_on", "divest_by")
    force = {"since": dates.get("effective_on"), "until": dates.get("removed_on")}
    return {"entry_id": "x", "list": "l", "name": "N", "in_force": force, **{n: dates.get(n) for n in names}}


def test_a_timeline_is_in_the_order_of_time() -> None:
    told = entry(announced_on="2019-10-07", effective_on="2019-10-09", removed_on="2024-03-01")
    drawn = draw([told, entry(published_on="2021-06-03")], "2026-01-01")
    assert drawn is not None
    marks = drawn.lanes[0].marks
    assert [m.kind for m in marks] == ["announced_on", "effective_on", "removed_on"]
    assert [m.x for m in marks] == sorted(m.x for m in marks)
    assert [m.is_told for m in marks] == [False, True, True]
    assert drawn.lanes[0].ends == marks[-1].x
    assert drawn.lanes[1].begins is None
    assert drawn.ticks[0][0] == "2019"


def test_no_date_no_timeline() -> None:
    assert draw([entry()], "2026-01-01") is None


def test_a_form_becomes_a_transaction() -> None:
    filled = {
        "date": "2022-02-01", "activity": "export", "party": "Acme", "country": "cn", "us_person": "false",
        "eccn": "", "fact.item.eccn": "EAR99", "fact.parties.0.owners.0.pct": "60", "fact.actor.us_person": "true",
    }  # fmt: skip
    assert transaction(filled) == {
        "date": "2022-02-01", "activity": "export",
        "parties": [{"name": "Acme", "country": "CN", "owners": [{"pct": "60"}]}],
        "actor": {"us_person": True}, "item": {"eccn": "EAR99"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "parties.9.name",
        "date.x",
        "a.b.c.d.e.f.g.h.i",
        "parties.x",
        "..",
        "",
        "parties.0",
        "item.<b>",
        "0",
        "parties.-1",
    ],
)
def test_a_path_that_fits_nowhere_is_refused_in_words(path: str) -> None:
    out = {"date": "2022-02-01", "parties": [{"name": "Acme"}]}
    try:
        put(out, path, "x")
    except InputError as error:
        assert str(error)
    assert isinstance(out["parties"], list)


def test_what_is_needed_is_asked_for() -> None:
    with pytest.raises(InputError, match="party"):
        transaction({"date": "2022-02-01", "activity": "export"})


def test_each_question_is_asked_once() -> None:
    answer = {
        "missing": [
            {"fact": "item.eccn", "why": "w", "would_change": {"EAR99": "license_required"}},
            {"fact": "item.eccn", "why": "w", "would_change": {"on_ccl": "prohibited", "EAR99": "x"}},
        ],
        "findings": [{"license_review_policy": {"text": "t", "ask": [
            {"fact": "item.eccn", "if_true": "a", "if_false": "b"}, {"fact": "f", "if_true": "a", "if_false": "b"}]}},
            {"license_review_policy": None}],
    }  # fmt: skip
    asked = questions(answer)
    assert [q["fact"] for q in asked] == ["item.eccn", "f"]
    assert [c["value"] for c in asked[0]["choices"]] == ["EAR99", "on_ccl"]
    assert [c["value"] for c in asked[1]["choices"]] == ["true", "false"]


def test_a_citation_in_each_form() -> None:
    told = {
        "entry_id": "us.bis.entity_list.a1", "name": "A & B_ Co., {Ltd}.", "citations": [{"cite": "84 FR 54002"}],
        "as_of": {"in_force": "2022-02-01", "known": "2022-02-02"},
        "source": {"snapshot": "sha256:" + "a" * 64, "row": "entry 1"},
    }  # fmt: skip
    made = citations(told, "Entity List", "https://x.example")
    assert "84 FR 54002" in made["text"]
    assert "A \\& B\\_ Co., \\{Ltd\\}." in made["bibtex"]
    assert "as_of=2022-02-01&known=2022-02-02" in made["bibtex"]
    item = json.loads(made["csl"])[0]
    assert item["title"] == told["name"]
    assert item["accessed"]["date-parts"] == [[2022, 2, 1]]


@_PATIENT
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6))
def test_marking_loses_no_letter(text: str, spans: list[tuple[int, int]]) -> None:
    claims = [{"number": n, "start": min(s), "end": max(s)} for n, s in enumerate(spans, 1)]
    assert "".join(p.text for p in mark(text, claims)) == text


def test_a_claim_is_marked_where_its_words_stand() -> None:
    text = "On Monday it added Dahua\nTechnology and others."
    claims = claims_in(text, {"claims": [{"claim": "Dahua Technology", "evidence": [0, len(text)], "record": "x"},
                                         {"claim": "six others", "evidence": [0, 9], "record": "x"}]})  # fmt: skip
    assert text[claims[1]["start"] : claims[1]["end"]] == "Dahua\nTechnology"
    assert (claims[0]["start"], claims[0]["end"]) == (0, 9)


@_PATIENT
@given(
    st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(["added", "amended", "removed"])), min_size=1),
    st.integers(0, 4000),
)
def test_a_strip_counts_every_change_within_its_frame(steps: list[tuple[int, str]], days: int) -> None:
    first = dt.date(2015, 1, 1)
    changes = [{"on": (first + dt.timedelta(days=min(n, days))).isoformat(), "kind": kind} for n, kind in steps]
    drawn = strip.draw(changes, first.isoformat(), (first + dt.timedelta(days=days)).isoformat())
    assert drawn is not None
    for kind in ("added", "amended", "removed"):
        assert sum(getattr(bar, kind) for bar in drawn.bars) == sum(k == kind for _, k in steps)
    assert len(drawn.bars) <= 130
    for bar in drawn.bars:
        assert 0 <= bar.x <= drawn.width
        for part in bar.parts:
            assert part.height > 0
            assert -2 <= part.y <= part.y + part.height <= drawn.height + 2


def test_nothing_that_changed_is_no_strip() -> None:
    assert strip.draw([], "2020-01-01", "2020-02-01") is None
