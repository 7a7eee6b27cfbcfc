"""The API: the commands' JSON, errors that are errors, ETags, pages, streams, files."""

from __future__ import annotations

import io
import json
import time
import zipfile

import httpx
import pytest
from serving import Service

import caveat

TRANSACTION = {
    "date": "2021-03-01", "activity": "export", "destination": "CN",
    "item": {"eccn": "EAR99", "origin": "US", "location": "US"},
    "parties": [{"name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "role": "end_user", "country": "CN"}],
}  # fmt: skip


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory):
    with caveat.open(str(tmp_path_factory.mktemp("beside") / "beside.sqlite")) as found:
        yield found


def test_the_answers_are_those_of_the_commands(client: httpx.Client, app) -> None:
    entry = app.screen("Hikvison Digital").hits[0].entry_id
    pairs = [
        (client.get("/v1/screen", params={"name": "Hikvison Digital"}), app.screen("Hikvison Digital", limit=10)),
        (client.post("/v1/screen", json={"name": "Dahua", "country": "cn", "limit": 3}), None),
        (client.get("/v1/lists"), app.lists()),
        (client.get(f"/v1/show/{entry}"), app.show(entry)),
        (client.get(f"/v1/history/{entry}"), app.history(entry)),
        (client.get("/v1/compare", params={"name1": "Dahua", "name2": "Da Hua"}), app.compare("Dahua", "Da Hua")),
        (client.post("/v1/determine", json=TRANSACTION), app.determine(TRANSACTION)),
        (client.get("/v1/disagreements/us.bis.entity_list"), None),
        (client.get("/v1/verify"), app.verify()),
    ]
    for reply, answer in pairs:
        assert reply.status_code == 200, reply.text
        if answer is not None:
            expected = json.loads(json.dumps(answer.to_dict(), default=str))
            assert {k: reply.json()[k] for k in expected if k != "page"} == expected


def test_both_clocks_are_asked(client: httpx.Client) -> None:
    before = client.get(
        "/v1/screen", params={"name": "Hikvision", "as_of": "2019-10-01", "lists": "us.bis.entity_list"}
    )
    after = client.get("/v1/screen", params={"name": "Hikvision", "as_of": "2019-10-10", "lists": "us.bis.entity_list"})
    assert (before.json()["status"], after.json()["status"]) == ("no_hit", "hits")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/show/nobody-at-all", 404, "no entry"),
        ("/v1/screen", 422, "query.name"),
        ("/v1/screen?name=X&lists=moon", 400, "moon"),
        ("/v1/screen?name=Hikvision&as_of=yesterday", 400, "yesterday"),
        ("/v1/screen?name=Hikvision&as_of=2021-02-30", 400, "day"),
        ("/v1/screen?name=Hikvision&limit=0", 422, "limit"),
        ("/v1/screen?name=Hikvision&nix=1", 422, "nix"),
        ("/v1/changes?from=2021-01-02&to=2021-01-01", 400, "before"),
        ("/v1/changes?from=2021-01-02&to=x", 400, "x"),
        ("/v1/jobs/none", 404, "no job"),
        ("/search/default", 400, "q"),
        ("/search/moon?q=x", 404, "moon"),
        ("/consolidated_screening_list/v1/search?name=x&sources=MOON", 400, "MOON"),
        ("/nowhere", 404, "Not Found"),
    ],
)
def test_an_error_is_a_problem_and_never_an_empty_list(client: httpx.Client, path: str, status: int, says: str) -> None:
    reply = client.get(path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert says.lower() in reply.json()["detail"].lower()
    assert reply.json()["status"] == status


def test_an_answer_that_still_stands_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/v1/lists")
    again = client.get("/v1/lists", headers={"If-None-Match": first.headers["etag"]})
    other = client.get("/v1/lists?as_of=2020-01-01", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_pages_of_rows_add_up_to_all(client: httpx.Client) -> None:
    path = "/v1/changes?from=2019-10-01&to=2022-12-31&limit=40"
    rows: list[dict] = []
    while path:
        part = client.get(path).json()
        rows += part["changes"]
        path = part["page"]["next"]
    assert len(rows) == part["page"]["total"] == sum(part["counts"].values()) > 40
    assert len({json.dumps(r, sort_keys=True) for r in rows}) == len(rows)


def test_a_batch_is_answered_line_by_line_in_order(client: httpx.Client) -> None:
    body = '{"id":"1","name":"Hikvison Digital"}\n{"id":"2"}\nnot json\n{"id":"4","name":"Nobody Whatsoever Ltd"}\n'
    reply = client.post("/v1/screen/batch", content=body, headers={"Content-Type": "application/x-ndjson"})
    answers = [json.loads(line) for line in reply.text.splitlines()]
    assert [a["status"] for a in answers] == ["hits", "error", "error", "no_hit"]
    assert [a["query"]["id"] for a in answers] == ["1", "2", None, "4"]


def test_pairs_are_compared_in_order(client: httpx.Client) -> None:
    pairs = [
        {"name1": "Dahua Technology", "name2": "Dahua Technology Co., Ltd."},
        {"name1": "Dahua", "name2": "Megvii"},
    ]
    answers = [json.loads(line) for line in client.post("/v1/compare", json=pairs).text.splitlines()]
    assert [a["verdict"] for a in answers] == ["match", "no_match"]


def test_check_is_the_short_form_of_determine(client: httpx.Client) -> None:
    asked = {"name": TRANSACTION["parties"][0]["name"], "date": "2021-03-01", "eccn": "EAR99", "origin": "US",
             "location": "US", "destination": "CN", "country": "CN"}  # fmt: skip
    short, whole = client.post("/v1/check", json=asked).json(), client.post("/v1/determine", json=TRANSACTION).json()
    assert short["outcome"] == whole["outcome"] == "license_required"


def test_a_stored_determination_is_the_same_again(client: httpx.Client) -> None:
    whole = client.post("/v1/determine", json=TRANSACTION).json()
    assert client.post("/v1/replay", json=whole).json()["same"] is True


def test_a_word_on_a_hit_is_kept_and_shown(client: httpx.Client) -> None:
    hit = client.get("/v1/screen", params={"name": "Yitu Technologies"}).json()["hits"][0]
    word = {"query": "Yitu Technologies", "entry": hit["entry_id"], "why": "same address", "who": "A. Officer"}
    assert client.post("/v1/confirm", json=word).status_code == 200
    again = client.get("/v1/screen", params={"name": "Yitu Technologies"}).json()["hits"][0]
    assert again["word"]["said"] == "confirmed"
    assert again["word"]["who"] == "A. Officer"


def test_a_receipt_is_dated_and_hashed(client: httpx.Client) -> None:
    reply = client.post("/v1/receipt", json={"name": "Hikvision"})
    assert "attachment" in reply.headers["content-disposition"]
    assert len(reply.json()["sha256"]) == 64


def test_an_article_is_read_and_held_against_the_record(client: httpx.Client) -> None:
    text = (
        "WASHINGTON, Oct. 9, 2019. The Commerce Department added Dahua Technology to the Entity List on Oct. 9, 2019."
    )
    reply = client.post("/v1/read?reconcile=true", content=text, headers={"Content-Type": "text/plain"})
    assert reply.status_code == 200, reply.text
    event = reply.json()["events"][0]
    assert "Dahua" in text[slice(*event["evidence"])]
    assert reply.json()["claims"]


def test_an_article_in_no_encoding_is_refused(client: httpx.Client) -> None:
    reply = client.post("/v1/read", content=b"\xff\xfe\xff", headers={"Content-Type": "text/plain"})
    assert reply.status_code == 400


def wait(client: httpx.Client, job: str) -> dict:
    for _ in range(600):
        state = client.get(f"/v1/jobs/{job}").json()
        if state["state"] in ("done", "failed"):
            return state
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def test_a_file_is_screened_filtered_and_downloaded(client: httpx.Client) -> None:
    rows = "id,name\n1,Hikvison Digital\n2,=cmd|' /C calc'!A1\n3,\n4,Nobody Whatsoever Ltd\n"
    begun = client.post("/v1/jobs", files={"file": ("customers.csv", rows)})
    assert begun.status_code == 202
    job = begun.json()["id"]
    state = wait(client, job)
    assert (state["state"], state["rows"], state["rejected"]) == ("done", 4, 1)
    assert state["with_hits"] >= 1
    events = client.get(f"/v1/jobs/{job}/events").text
    assert json.loads(events.split("data: ")[-1])["state"] == "done"
    found = client.get(f"/v1/jobs/{job}/rows", params={"status": "hits", "q": "hikv"}).json()["rows"]
    assert found
    assert all(r["query_id"] == "1" for r in found)
    lines = client.get(f"/v1/jobs/{job}/download").text.splitlines()
    assert [json.loads(x)["query"]["id"] for x in lines] == ["1", "2", "3", "4"]
    text = client.get(f"/v1/jobs/{job}/download", params={"form": "csv"}).content.decode("utf-8-sig")
    assert "\n2,'=cmd" in text.replace("\r", "")
    book = client.get(f"/v1/jobs/{job}/download", params={"form": "xlsx"}).content
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert client.delete(f"/v1/jobs/{job}").status_code == 204
    assert client.get(f"/v1/jobs/{job}").status_code == 404


def test_a_file_that_cannot_be_read_fails_with_its_reason(client: httpx.Client) -> None:
    job = client.post("/v1/jobs", files={"file": ("a.csv", "firm,land\nx,y\n")}).json()["id"]
    state = wait(client, job)
    assert state["state"] == "failed"
    assert "no column 'name'" in state["error"]
    assert "a.csv" in state["error"]
    assert client.post("/v1/jobs", files={"file": ("a.exe", "x")}).status_code == 400


def test_openapi_describes_every_route_with_examples(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["info"]["title"] == "Caveat"
    assert {"/v1/screen", "/v1/determine", "/match/{dataset}", "/reconcile/{dataset}"} <= set(described["paths"])
    assert described["components"]["securitySchemes"]
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            assert told.get("summary"), (method, path)
            assert told.get("description"), (method, path)


def test_health_readiness_and_metrics(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ok"
    assert ready["not_loaded"]
    assert 'caveat_requests_total{method="GET",route="/readyz"' in client.get("/metrics").text


def test_trade_gov_is_answered(client: httpx.Client) -> None:
    path = "/consolidated_screening_list/v1/search"
    reply = client.get(path, params={"name": "Hikvison Digital", "fuzzy_name": "true", "sources": "EL,CMIC", "size": 5})
    told = reply.json()
    assert told["total"] == len(told["results"]) >= 2
    assert {r["source"].split(" (")[0] for r in told["results"]} >= {"Entity List"}
    first = told["results"][0]
    assert {"name", "alt_names", "addresses", "programs", "federal_register_notice", "score"} <= set(first)
    plain = client.get(path, params={"name": "Hikvison Digital"}).json()
    assert plain["results"] == []
    exact = client.get(path, params={"name": "hikvision", "countries": "CN", "types": "Entity"}).json()
    assert exact["results"]
    assert "score" not in exact["results"][0]


def test_two_requests_at_once_do_not_wait_for_a_slow_one(service: Service, client: httpx.Client) -> None:
    import threading

    slow = threading.Thread(target=lambda: httpx.get(f"{service.url}/v1/verify", headers=service.headers, timeout=60))
    slow.start()
    assert client.get("/healthz").elapsed.total_seconds() < 1
    slow.join()
