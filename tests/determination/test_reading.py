"""A transaction that cannot be used is refused in one line that names the field and what is allowed."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from determination.fake import TODAY, FakeLookup
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios.test_scenarios import ALL

import caveat.determination
from caveat.determination import determine, read_transaction
from caveat.errors import InputError
from caveat.law import load
from caveat.model import ACTIVITIES, ROLES

LAW = load()
SCHEMA = Path(caveat.determination.__file__).parent / "schema"
GOOD: dict[str, Any] = {
    "date": "2022-02-01", "known": None, "activity": "export",
    "actor": {
        "name": "Acme Optics Inc.", "us_person": True, "country": "US", "federal_contractor": False,
        "federal_agency": False,
    },
    "item": {
        "description": "body-worn camera", "kind": "goods", "eccn": "EAR99", "hts": None, "origin": "US",
        "location": "US",
        "subject_to_ear": None, "us_content": {"pct": 40, "controlled_pct": 0},
        "direct_product_of": {"eccns": ["3E991"], "plant": True},
        "inputs": [{
            "description": "metallurgical silicon", "producer": "Hoshine Silicon Industry (Shanshan) Co., Ltd.",
            "origin": "CN-XJ",
        }],
        "necessary_to_treat_infectious_disease": None, "released_by_uav_operator": None,
        "on_supplement_7_to_part_746": None, "publicly_traded": None,
    },
    "destination": "CN",
    "parties": [{"name": "Xinjiang Sailing Information Technology Co., Ltd.", "role": "end_user", "country": "CN",
                 "address": None,
                 "owners": [{"name": "Wang Fang", "pct": 60}], "entry_id": None, "not_entries": []}],
    "license_exception": None,
    "timing": {"ordered_on": None, "loaded_on_carrier_on": None, "security_bought_on": None, "purpose": "divestment"},
    "evidence": [{"kind": "supplier_affidavit", "text": "none"}],
}  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    given_: Any = copy.deepcopy(GOOD)
    at = given_
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = value
    return dict(given_)


def test_the_form_of_the_contract_is_read() -> None:
    read = read_transaction(GOOD)
    assert read.date == dt.date(2022, 2, 1)
    assert read.facts["parties.0.owners.0.pct"] == 60


BAD: list[tuple[str, Any, str, str]] = [
    ("dates", 1, "dates: unknown field", "allowed: activity, actor"),
    ("item.colour", "red", "item.colour: unknown field", "allowed: "),
    ("parties.0.share", 1, "parties.0.share: unknown field", "allowed: address"),
    ("date", "2022-02-30", "date: '2022-02-30' is not a day", "give YYYY-MM-DD"),
    ("date", "01/02/2022", "date: '01/02/2022' is not a day", "give YYYY-MM-DD"),
    ("date", 20220201, "date: 20220201 is not a day", "give YYYY-MM-DD"),
    ("date", None, "date: is missing", "give date, activity and parties"),
    ("known", "soon", "known: 'soon' is not a day", "give YYYY-MM-DD"),
    ("activity", "smuggle", "activity: 'smuggle' is not known", f"allowed: {', '.join(ACTIVITIES)}"),
    ("parties", {}, "parties: is not a list", "give `- {name"),
    ("parties", ["Hikvision"], "parties.0: 'Hikvision' is not a block", "write `- {name"),
    ("parties.0.role", "enduser", "parties.0.role: 'enduser' is not known", f"allowed: {', '.join(ROLES)}"),
    ("parties.0.name", None, "parties.0: has neither name", "name the party"),
    ("parties.0.country", "China", "parties.0.country: 'China' is not a country", "give ISO 3166"),
    ("parties.0.owners.0.pct", -1, "parties.0.owners.0.pct: -1 is out of bounds", "allowed: 0 to 100"),
    ("parties.0.owners.0.pct", 100.5, "parties.0.owners.0.pct: 100.5 is out of bounds", "allowed: 0 to 100"),
    ("parties.0.owners.0.pct", "half", "parties.0.owners.0.pct: 'half' is not a number", "or null where it is unknown"),
    ("parties.0.owners.0.pct", float("nan"), "parties.0.owners.0.pct: nan is not a number", "null"),
    ("parties.0.owners.0.pct", True, "parties.0.owners.0.pct: True is not a number", "null"),
    ("parties.0.owners.0.owners", [{"name": "xinjiang sailing information technology co. ltd"}], "circular",
     "cut the circle"),
    ("parties.0.owners.0.owners", [{"name": "Wang  Fang", "pct": 1}], "circular", "cut the circle"),
    ("item.eccn", "3-A-991", "item.eccn: '3-A-991' is not an ECCN", "allowed: EAR99, or a form like 3A991"),
    ("item.direct_product_of.eccns", "3E001", "item.direct_product_of.eccns: is not a list", "[3E001]"),
    ("item.direct_product_of.eccns", ["3E1"], "item.direct_product_of.eccns.0: '3E1' is not an ECCN", "allowed"),
    ("item.us_content", {"pct": 10, "controlled_pct": 11}, "item.us_content.controlled_pct: 11 is more than pct 10",
     "a part"),
    ("item.us_content", 40, "item.us_content: 40 is not a block", "write"),
    ("item.subject_to_ear", "maybe", "item.subject_to_ear: 'maybe' is not a yes-or-no answer", "true, false, null"),
    ("item.kind", "gas", "item.kind: 'gas' is not known", "allowed: goods, technology"),
    ("item.origin", "Mars", "item.origin: 'Mars' is not a country", "CN-XJ"),
    ("timing.ordered_on", "yesterday", "timing.ordered_on: 'yesterday' is not a day", "give YYYY-MM-DD"),
    ("timing.purpose", ["fun"], "timing.purpose: ['fun'] is not text", "give text"),
    ("evidence", [{"text": "x"}], "evidence.0.kind: is missing", "supplier_affidavit"),
    ("actor", "Acme", "actor: 'Acme' is not a block", "write `actor"),
    ("actor.us_person", 1, "actor.us_person: 1 is not a yes-or-no answer", "true, false, null"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "says", "allowed"), BAD)
def test_each_bad_input_is_one_line_that_names_the_field(path: str, value: Any, says: str, allowed: str) -> None:
    with pytest.raises(InputError) as error:
        read_transaction(changed(path, value))
    line = str(error.value)
    assert says in line and allowed in line and "\n" not in line


@pytest.mark.parametrize("given_", [None, [], "x", 4])
def test_what_is_no_mapping_is_refused(given_: Any) -> None:
    with pytest.raises(InputError, match="transaction: is not a mapping"):
        read_transaction(given_)


def test_owners_nested_without_end_are_refused() -> None:
    owner: dict[str, Any] = {"name": "n0"}
    for n in range(1, 60):
        owner = {"name": f"n{n}", "owners": [owner]}
    with pytest.raises(InputError, match="nested deeper"):
        read_transaction(changed("parties.0.owners", [owner]))


def test_a_value_that_holds_itself_is_refused() -> None:
    circle: dict[str, Any] = {}
    circle["name"] = circle
    with pytest.raises(InputError, match="nested deeper"):
        read_transaction(changed("item", circle))


def test_a_sum_over_100_is_said_and_not_cut() -> None:
    facts = changed("parties.0.owners", [{"name": "Hikvision", "pct": 60}, {"name": "Wang Fang", "pct": 60}])
    answer = determine(facts, FakeLookup(), LAW, TODAY)
    assert any("add up to 120 percent" in step for step in answer.next_steps)


KEYS = st.sampled_from(["name", "pct", "owners", "eccns", "role", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS, part, max_size=3),
    max_leaves=8,
)  # fmt: skip
PATHS = st.sampled_from([
    "date", "known", "activity", "actor", "item", "destination", "parties", "license_exception", "timing", "evidence",
    "item.eccn", "item.inputs", "item.us_content", "item.direct_product_of", "item.description", "parties.0.owners",
    "parties.0.role", "parties.0.name", "parties.0.not_entries", "parties.0.address", "timing.purpose",
])  # fmt: skip


@pytest.mark.parametrize("path", ["item.description", "item.quantity", "item.eccn", "parties.0.name", "note"])
@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, math.nan, 10**400, 10**5000], ids=["inf", "-inf", "nan", "400", "5000"]
)
def test_a_number_that_json_cannot_hold_is_refused_by_its_place(path: str, value: Any) -> None:
    with pytest.raises(InputError, match=rf"^{path}: \S+ is not a number within bounds"):
        read_transaction(changed(path, value))


@settings(max_examples=300, deadline=None)
@given(PATHS, JSON)
def test_any_value_anywhere_is_an_answer_or_one_line(path: str, value: Any) -> None:
    try:
        answer = determine(changed(path, value), FakeLookup(), LAW, TODAY)
    except InputError as error:
        assert "\n" not in str(error) and str(error)
    else:
        json.dumps(answer.to_dict(), allow_nan=False)


def read_schema(name: str) -> dict[str, Any]:
    return dict(json.loads((SCHEMA / name).read_text("utf-8")))


ANSWER = jsonschema.Draft202012Validator(read_schema("determination.json"))
FORM = jsonschema.Draft202012Validator(read_schema("transaction.json"))


@pytest.mark.parametrize("scenario", ALL)
def test_every_answer_and_every_form_keeps_its_schema(scenario: dict[str, Any]) -> None:
    answer = determine(scenario["facts"], FakeLookup(), LAW, TODAY).to_dict()
    ANSWER.validate(json.loads(json.dumps(answer)))
    FORM.validate(answer["transaction"])


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    for path, value in [("item.colour", "red"), ("activity", "smuggle"), ("parties.0.owners.0.pct", 101)]:
        assert not FORM.is_valid(changed(path, value))
    FORM.validate(GOOD)
