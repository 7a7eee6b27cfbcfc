"""What holds for every transaction, whatever the facts."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

from determination.fake import TODAY, FakeLookup
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caveat.determination import determine
from caveat.law import load
from caveat.model import ACTIVITIES, Determination, severity

LAW = load()
LOOKUP = FakeLookup()
NAMES = (
    "Hikvision", "Dahua Technology", "Huawei", "DJI", "Sugon", "XPCC", "Xinjiang Public Security Bureau",
    "SenseTime Group Limited", "Hoshine Silicon Industry (Shanshan) Co., Ltd.", "Camel Group Co., Ltd.",
    "Volga Rocket Works", "Lumen Far East Optics", "Harlan Okafor Trading", "Jiangnan Parts", "Wang Fang",
    "Hikvision Digital Cameras", "Academy of Aerospace Solid Propulsion Technology (AASPT)", "Arktika Survey",
    "China Telecom (Americas) Corp.", "Kepong Glove Works", "Yutian Silent Optics Co., Ltd.", "Green Meadow Trading",
)  # fmt: skip
ROLES = (
    None,
    "purchaser",
    "intermediate_consignee",
    "end_user",
    "forwarder",
    "seller",
    "producer",
    "issuer",
    "bank",
    "other",
)
TRUTH = st.sampled_from((None, True, False))
SHARE = st.sampled_from((None, 0, 10, 25, 49, 49.9, 50, 60, 100))
OWNERS = st.lists(
    st.fixed_dictionaries({
        "name": st.sampled_from(NAMES), "pct": SHARE,
        "owners": st.lists(st.fixed_dictionaries({"name": st.sampled_from(NAMES), "pct": SHARE}), max_size=1),
    }), max_size=2,
)  # fmt: skip
PARTY = st.fixed_dictionaries({
    "name": st.sampled_from(NAMES), "role": st.sampled_from(ROLES), "country": st.sampled_from((None, "CN", "US")),
    "owners": OWNERS,
})  # fmt: skip
TRANSACTION = st.fixed_dictionaries({
    "date": st.sampled_from((
        "2016-05-01", "2019-10-08", "2019-10-09", "2020-07-22", "2021-08-01", "2022-02-10", "2022-06-20", "2022-06-21",
        "2022-12-16", "2023-03-01", "2024-06-01", "2025-09-28", "2025-10-15", "2025-11-10", "2026-07-01", "2026-11-15",
    )),
    "activity": st.sampled_from(ACTIVITIES),
    "actor": st.fixed_dictionaries({
        "us_person": TRUTH, "country": st.sampled_from((None, "US", "DE")), "federal_agency": TRUTH,
        "federal_contractor": TRUTH, "department_of_defense": TRUTH,
    }),
    "item": st.fixed_dictionaries({
        "description": st.sampled_from((None, "part", "cotton shirt", "surveillance camera", "retail surgical masks")),
        "kind": st.sampled_from((None, "goods", "technology", "security")),
        "eccn": st.sampled_from((None, "EAR99", "3A991", "1A995", "1A004", "3B001.c")),
        "origin": st.sampled_from((None, "US", "TW", "CN", "CN-XJ")), "location": st.sampled_from((None, "US", "TW")),
        "us_content": st.sampled_from((None, {"pct": 5}, {"pct": 60}, {"pct": 60, "controlled_pct": 30})),
        "direct_product_of": st.sampled_from((None, {"eccns": [], "plant": False}, {"eccns": ["3E001"]})),
        "necessary_to_treat_infectious_disease": TRUTH, "released_by_uav_operator": TRUTH, "publicly_traded": TRUTH,
        "previously_authorized": TRUTH, "used_for_public_safety_or_security": TRUTH,
    }),
    "destination": st.sampled_from((None, "CN", "US", "IR")),
    "timing": st.fixed_dictionaries({"purpose": st.sampled_from((None, "divestment", "other"))}),
    "parties": st.lists(PARTY, max_size=2),
})  # fmt: skip

#: A concrete answer for each label a question may carry.
ANSWERS = {"true": True, "false": False, "on_ccl": "3A991", "another country": "TW"}


def run(transaction: dict[str, Any], **more: Any) -> Determination:
    return determine({**transaction, **more}, LOOKUP, LAW, TODAY)


def is_circular(transaction: dict[str, Any]) -> bool:
    return any(
        owner["name"] == party["name"] or any(o["name"] in (owner["name"], party["name"]) for o in owner["owners"])
        for party in transaction["parties"]
        for owner in party["owners"]
    )


def put(transaction: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(transaction)
    at: Any = changed
    *steps, last = path.split(".")
    for step in steps:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            at = (
                at[step]
                if at.get(step) is not None
                else at.setdefault(step, {}) or at.__setitem__(step, {}) or at[step]
            )
    at[last] = value
    return changed


def concrete(label: str) -> Any:
    """A fact a user could give for an answer's label; None where the label is words only."""
    if label in ANSWERS:
        return ANSWERS[label]
    if label.endswith(" or more"):
        return float(label.split()[0])
    if label.startswith("less than "):
        return max(float(label.split()[2]) - 0.5, 0)
    if label.startswith("above "):
        return min(float(label.split()[1]) + 1, 100)
    return label if label in (*ROLES[1:], "EAR99", "US", "divestment") else None


@settings(max_examples=200, deadline=None)
@given(TRANSACTION)
def test_an_added_fact_leads_to_the_outcome_announced_for_it(transaction: dict[str, Any]) -> None:
    assume(not is_circular(transaction))
    before = run(transaction)
    for missing in before.missing:
        finding = next(f for f in before.findings if (f.program, f.party) == (missing.program, missing.party))
        if f"{missing.fact} is not known" not in finding.reason:
            continue  # a question that only comes up after another one is answered
        for label, announced in missing.would_change.items():
            value = concrete(label)
            if value is None:
                continue
            answered = put(transaction, missing.fact, value)
            after = run(answered)
            same = [f for f in after.findings if (f.program, f.party) == (missing.program, missing.party)]
            outcome = same[0].outcome if same else "no_restriction_found"
            assert outcome in (announced, "insufficient_information"), (missing, label, outcome)


@settings(max_examples=120, deadline=None)
@given(TRANSACTION, st.floats(0, 100), st.floats(0, 100))
def test_a_larger_share_never_makes_a_blocking_outcome_milder(
    transaction: dict[str, Any], one: float, other: float
) -> None:
    assume(transaction["parties"] and transaction["parties"][0]["owners"] and not is_circular(transaction))
    low, high = sorted((one, other))
    smaller = run(put(transaction, "parties.0.owners.0.pct", low))
    larger = run(put(transaction, "parties.0.owners.0.pct", high))
    for finding in smaller.findings:
        if finding.outcome in ("prohibited", "license_required") and finding.party == transaction["parties"][0]["name"]:
            after = larger.outcome_of(finding.program)
            assert after is not None and severity(after) <= severity(finding.outcome)


@settings(max_examples=120, deadline=None)
@given(TRANSACTION)
def test_the_order_of_parties_changes_nothing(transaction: dict[str, Any]) -> None:
    assume(
        len({p["name"] for p in transaction["parties"]}) == len(transaction["parties"]) and not is_circular(transaction)
    )
    turned = {**transaction, "parties": transaction["parties"][::-1]}
    one, other = run(transaction), run(turned)
    assert one.outcome == other.outcome

    def told(answer: Determination) -> list[tuple[str, str | None, str, str]]:
        return [(f.program, f.party, f.outcome, f.rule) for f in answer.findings]

    assert told(one) == told(other)


@settings(max_examples=120, deadline=None)
@given(TRANSACTION)
def test_nothing_known_after_the_known_clock_plays_a_part(transaction: dict[str, Any]) -> None:
    assume(not is_circular(transaction))
    known = transaction["date"]
    later = FakeLookup()
    later.blocks = [*later.blocks, *(
        {"id": f"later-{n}", "list": list_id, "names": [name], "countries": ["CN"],
         "announced_on": dt.date(2027, 1, 1), "effective_on": dt.date(2019, 1, 1)}
        for n, (list_id, name) in enumerate((x, y) for x in ("us.bis.entity_list", "us.ofac.sdn") for y in NAMES)
    )]  # fmt: skip
    one = determine({**transaction, "known": known}, LOOKUP, LAW, TODAY)
    other = determine({**transaction, "known": known}, later, LAW, dt.date(2030, 1, 1))
    assert json.dumps(one.to_dict()) == json.dumps(other.to_dict())


@settings(max_examples=120, deadline=None)
@given(TRANSACTION)
def test_the_answer_is_whole(transaction: dict[str, Any]) -> None:
    """One finding a program and party, the strictest on top, each open one with its question, in plain JSON."""
    assume(not is_circular(transaction))
    answer = run(transaction)
    pairs = [(f.program, f.party) for f in answer.findings]
    assert len(pairs) == len(set(pairs))
    assert [severity(f.outcome) for f in answer.findings] == sorted(severity(f.outcome) for f in answer.findings)
    if answer.findings:
        assert answer.outcome == answer.findings[0].outcome
    asked = {(m.program, m.party) for m in answer.missing}
    for finding in answer.findings:
        assert finding.reason and (finding.citations or finding.rule == "LAW")
        if finding.outcome == "insufficient_information" and finding.rule not in ("VISA1", "LAW"):
            assert (finding.program, finding.party) in asked
    told = json.dumps(answer.to_dict())
    assert json.loads(told) == answer.to_dict()
    assert "clear" not in answer.outcome
