"""The graph through the app: joined to the lists, and what determination hears of it. Answers worked out by hand."""

import csv
import json
from importlib import resources

import jsonschema
import pytest

from caveat.app import App
from caveat.config import read_config
from caveat.errors import InputError
from caveat.graph import read_edges

HIK = "Hangzhou Hikvision Digital Technology Co., Ltd."
BUREAU = "Xinjiang Public Security Bureau"
#: owner, its country, its number, owned, share
OWNERS = [
    (HIK, "CN", "", "Tier 1", "100"),
    *[(f"Tier {n}", "CN", "", f"Tier {n + 1}", "60" if n % 2 else "100") for n in range(1, 12)],
    (HIK, "CN", "", "Aggregate Co", "30"), ("Dahua Technology", "CN", "", "Aggregate Co", "20"),
    (HIK, "CN", "", "Just Under", "30"), ("Dahua Technology", "CN", "", "Just Under", "19.9"),
    (HIK, "CN", "", "Low Range", "25-49"),
    (HIK, "CN", "", "Sum Range", "30-40"), ("Dahua Technology", "CN", "", "Sum Range", "25-30"),
    (HIK, "CN", "", "Open Range", "30-70"),
    ("Quiet Holding", "CN", "entry:us.bis.entity_list.8c408d940056", "Numbered Co", "60"),
    (HIK, "CN", "", "Minor", "40"), ("Minor", "CN", "", "Below Minor", "100"),
    (HIK, "CN", "", "Ring A", "30"), ("Ring B", "CN", "", "Ring A", "30"), ("Ring A", "CN", "", "Ring B", "60"),
    (HIK, "CN", "", "Left", "50"), (HIK, "CN", "", "Right", "50"), ("Left", "CN", "", "Both", "25"),
    ("Right", "CN", "", "Both", "25"),
    (HIK, "CN", "", "Mixed Lists", "25"), (BUREAU, "CN", "", "Mixed Lists", "25"),
    ("IFLYTEK", "", "", "Bare Name Co", "60"),
    (BUREAU, "CN", "", "Blocked Co", "50"), ("Blocked Co", "CN", "", "Blocked Sub", "50"),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    table = folder / "owners.csv"
    with table.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["owner", "owner_country", "owner_id", "owned", "pct", "source"])
        writer.writerows([*row, "register"] for row in OWNERS)
    with App(read_config(db=str(folder / "caveat.db"))) as opened:
        assert not opened.load_edges(table)["complaints"]
        yield opened


def sale(party, date="2025-10-15"):
    return {
        "date": date, "activity": "export", "actor": {"us_person": True, "country": "US"},
        "item": {"description": "part", "kind": "goods", "eccn": "EAR99", "origin": "US"}, "destination": "CN",
        "parties": [{"name": party, "role": "end_user", "country": "CN"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("party", "low", "high", "outcome"),
    [
        ("Tier 4", 60, 60, "license_required"),
        ("Tier 12", 60, 60, "license_required"),  # twelve tiers, each held by half or more
        ("Aggregate Co", 50, 50, "license_required"),
        ("Just Under", 49.9, 49.9, "caution_red_flag"),
        ("Low Range", 25, 49, "caution_red_flag"),  # whatever the share is, it is under half
        ("Sum Range", 55, 70, "license_required"),  # the least of both already reach half
        ("Open Range", 30, 70, "insufficient_information"),
        ("Numbered Co", 60, 60, "license_required"),
        ("Minor", 40, 40, "caution_red_flag"),
        ("Below Minor", 0, 0, "caution_red_flag"),
        ("Ring A", 30, 30, "caution_red_flag"),  # its other owner counts only if it does itself
        ("Both", 50, 50, "license_required"),
    ],
)
def test_own_and_determine_agree(app, party, low, high, outcome):
    share = app.own(party)["shares"]["bis"]
    assert (share["low"], share["high"]) == (pytest.approx(low), pytest.approx(high))
    assert share["reached"] is {"license_required": True, "insufficient_information": None}.get(outcome, False)
    assert app.determine(sale(party)).outcome_of("us.bis.entity_list") == outcome


def test_the_two_ways_add_different_owners(app):
    told = app.own("Mixed Lists")["shares"]
    assert told["ofac"]["low"] == 25  # the bureau alone is blocked
    # the bureau is on the Entity List under another name, and its designation (GLOMAG) is none of 744.8(a)(1)
    assert told["bis"]["low"] in (25, 50)
    for party, held in (("Blocked Co", 50), ("Blocked Sub", 50)):
        assert app.own(party)["shares"]["ofac"]["low"] == held
        payment = {
            "date": "2024-06-01", "activity": "pay", "actor": {"name": "Bank", "us_person": True, "country": "US"},
            "parties": [{"name": party, "role": "other", "country": "CN"}],
        }  # fmt: skip
        assert app.determine(payment).outcome_of("us.ofac.sdn") == "prohibited"


def test_the_share_that_decides_is_asked_for_with_its_figure(app):
    told = app.determine(sale("Open Range")).to_dict()
    (missing,) = [m for m in told["missing"] if m["fact"].endswith(".pct")]
    assert missing["would_change"] == {"50 or more": "license_required", "less than 50": "caution_red_flag"}
    deciding = app.own("Open Range")["shares"]["bis"]["deciding"][0]
    assert deciding["alone"] and deciding["from_share"] == pytest.approx(50, abs=1e-4)


def test_a_bare_name_is_open_until_a_person_says(app):
    share = app.own("Bare Name Co")["shares"]["bis"]
    assert (share["low"], share["high"], share["reached"]) == (0, 60, None)
    assert share["deciding"][0]["what"] == "name"
    (entry,) = [x["entry_id"] for x in _open(app, "IFLYTEK") if x["list"] == "us.bis.entity_list"]
    app.reject("IFLYTEK", entry, "another firm", "Ann")
    assert app.own("Bare Name Co")["shares"]["bis"]["high"] == 0
    app.confirm("IFLYTEK", entry, "the register extract names Hefei", "Ann")
    told = app.own("Bare Name Co")["shares"]["bis"]
    assert told["low"] == 60 and told["reached"] is True


def _open(app, party):
    return app.own(party)["open"] + app.own(party)["listed"]


def test_what_if_a_party_were_listed(app):
    assert app.own("Both", if_listed=["Left"])["shares"]["ofac"]["low"] == 25
    told = app.own("Both", if_listed=["Left", "Right"])
    assert told["shares"]["ofac"]["reached"] is True
    assert told["words"][0].startswith("The OFAC way") and "As if Left and Right were listed." in told["notes"]


def test_the_affiliates_rule_is_told_for_the_day(app):
    def notes(day):
        return " ".join(app.own("Both", as_of=app.as_of(day))["notes"])

    assert "no Affiliates Rule yet" in notes("2025-08-01") or "not in force" in notes("2025-08-01")
    assert "the Affiliates Rule is in force (" in notes("2025-10-15")
    assert "not in force" in notes("2025-12-01")
    assert "no publication held here confirms" in notes("2026-11-20")


def test_a_stored_determination_is_replayed_on_its_own_edges(app, tmp_path):
    stored = app.determine(sale("Just Under")).to_dict()
    assert [e["dataset"] for e in stored["basis"]["edges"]] == ["owners"]
    later = tmp_path / "later.csv"
    later.write_text("owner,owner_country,owned,pct\nYitu Technologies,CN,Just Under,5\n", "utf-8")
    app.load_edges(later)
    assert app.determine(sale("Just Under")).outcome_of("us.bis.entity_list") == "license_required"
    assert app.replay(stored).is_same
    assert not app.replay(stored, known="2026-11-28").is_same  # what today's edges would have said


def test_a_party_is_found_by_a_name_of_its_listing_or_told_what_is_near(app):
    assert app.own("海康威视")["party"]["name"] == HIK
    with pytest.raises(InputError, match=r"near it: Blocked Sub; Blocked Co|near it: Blocked Co; Blocked Sub"):
        app.own("blocked")


@pytest.mark.parametrize("ending", [".csv", ".json", ".jsonl"])
def test_kept_edges_are_written_and_read_back(app, tmp_path, ending):
    path = tmp_path / f"all{ending}"
    told = app.write_edges(path, dataset="owners")
    again = read_edges(path)
    assert told["edges"] == len(again.edges) == len(OWNERS)
    with pytest.raises(InputError, match="is no layout"):
        app.write_edges(path, "pictures")


BILL = """product,input,supplier,supplier_country,origin,hts,evidence
Panel,Silicon,"Hoshine Silicon Industry (Shanshan) Co., Ltd.",CN,CN-XJ,2804.69,invoice: 1
Panel,Frame,Hanoi Frames,VN,VN,7610.90,
Lamp,Glass,Hanoi Glass,VN,VN,,invoice: 2
"""


def test_a_whole_bill_is_checked_in_one_go(tmp_path):
    bill = tmp_path / "bill.csv"
    bill.write_text(BILL, "utf-8")
    with App(read_config(db=str(tmp_path / "x.db"))) as app:
        with pytest.raises(InputError, match="no product"):
            app.trace_all()
        app.load_edges(bill)
        told = app.trace_all().to_dict()
        schema = json.loads(resources.files("caveat.graph").joinpath("schema", "trace_all.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(told)))
        first, second = told["products"]
        assert (first["product"]["id"], first["kinds"]) == ("Panel", ["listed", "xinjiang"])
        assert "aluminum" in first["sectors"] and first["documents"] == 2
        assert not second["touched"] and "no proof of absence" in told["words"][-1]
