"""What goes in and out, for the OpenAPI description. Answers are the commands' JSON, sent as the app gives them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["person", "organization", "vessel", "aircraft", "address"]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Day = Annotated[str, Field(max_length=32, description="A day (YYYY-MM-DD) or an instant", examples=["2022-02-01"])]
Country = Annotated[str, Field(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2", examples=["CN"])]
Rows = list[dict[str, Any]]
Short = Annotated[str, Field(max_length=300)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(extra="allow")


class ScreenQuery(_In):
    """One party to be screened; only the name is needed."""

    name: Text
    id: Short | None = None
    kind: Kind | None = None
    country: Country | None = None
    address: Annotated[str, Field(max_length=1000)] | None = None
    city: Short | None = None
    birth_date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    identifiers: Annotated[list[Short], Field(max_length=50)] = []
    aliases: Annotated[list[Text], Field(max_length=50)] = []
    lists: Annotated[list[Short], Field(max_length=100, description="List ids; none is all")] = []
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    near: Annotated[bool, Field(description="Also what came near and was dropped, and why")] = False
    as_of: Day | None = None
    known: Day | None = None

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Hikvison Digital", "country": "CN"}]}
    )


class CompareQuery(_In):
    """One name against another."""

    name1: Text
    name2: Text
    kind: Kind | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name1": "Dahua Technology", "name2": "DAHUA ELECTRONICS CORPORATION", "kind": "organization"}
            ]
        },
    )


class CheckQuery(_In):
    """The one-line form of a determination."""

    name: Text
    date: Day | None = None
    activity: Short = "export"
    role: Short = "end_user"
    country: Country | None = None
    eccn: Short | None = None
    origin: Short | None = None
    location: Short | None = None
    destination: Short | None = None
    us_person: bool | None = None
    entry_id: Short | None = None
    known: Day | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "date": "2021-03-01", "eccn": "EAR99",
                 "origin": "US", "location": "US", "destination": "CN", "country": "CN"}
            ]
        },
    )  # fmt: skip


class VaryQuery(_In):
    """A transaction, and the facts that are to change: each on its own, as PATH=FROM:TO[:STEP] or PATH=A,B."""

    transaction: dict[str, Any]
    changes: Annotated[list[Text], Field(min_length=1, max_length=10)]
    known: Day | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"transaction": {"date": "2021-07-01", "activity": "export", "destination": "CN",
                                 "item": {"eccn": "EAR99", "origin": "US", "location": "US"},
                                 "parties": [{"name": "Xinjiang Sailing Information Technology Co., Ltd.",
                                              "role": "end_user"}]},
                 "changes": ["date=2021-07-01:2021-07-20"]}
            ]
        },
    )  # fmt: skip


class BlastQuery(_In):
    """A party that might be listed, and the portfolio it is held against."""

    party: Text
    portfolio: Annotated[list[Text], Field(min_length=1, max_length=10_000)]
    as_of: Day | None = None
    known: Day | None = None

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"party": "Holding A", "portfolio": ["Firm B", "Firm C"]}]}
    )


class WordQuery(_In):
    """A person's word on a hit, kept with who and when."""

    query: Text
    entry: Short
    why: Annotated[str, Field(min_length=1, max_length=4000)]
    country: Country | None = None
    who: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"query": "Dahua Electronics", "entry": "us.bis.entity_list.rrai3faak3", "who": "A. Officer",
                 "why": "another company: registered in Texas since 1987"}
            ]
        },
    )  # fmt: skip


class RefreshQuery(_In):
    """Lists to be fetched from their publishers; none is all."""

    lists: Annotated[list[Short], Field(max_length=100)] = []


class ReceiptQuery(ScreenQuery):
    """A query whose answer is wanted as a dated receipt."""

    form: Literal["json", "pdf"] = "json"


class Problem(BaseModel):
    """RFC 9457. `detail` is one line: where, what, what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    what: str | None = None
    where: str | None = None
    do: str | None = None
    errors: list[dict[str, Any]] | None = None


class AsOfOut(_Out):
    """The two clocks of an answer."""

    in_force: str
    known: str


class BasisOut(_Out):
    """What an answer rests on, and what it does not cover."""

    lists: list[dict[str, Any]]
    not_covered: list[dict[str, str]]
    as_of: AsOfOut
    version: str


class HitOut(_Out):
    """A candidate with its evidence: points for and against, each with its reason."""

    entry_id: str
    list: str
    name: str
    matched_name: str
    score: float
    rank: int
    evidence: Any
    status: str


class ScreenOut(_Out):
    """`status` is hits, no_hit or error; silence is no clearance."""

    schema_version: str
    query: dict[str, Any]
    hits: list[HitOut]
    status: Literal["hits", "no_hit", "error"]
    basis: BasisOut


class ListsOut(_Out):
    """Coverage."""

    schema_version: str
    lists: list[dict[str, Any]]
    not_loaded: list[dict[str, str]]
    as_of: AsOfOut


class EntryOut(_Out):
    """One entry, and what each list calls the party."""

    schema_version: str
    entry_id: str
    list: str
    name: str | None
    status: str
    names: Rows
    addresses: Rows
    same_party: Rows
    near: Rows
    basis: BasisOut


class HistoryOut(_Out):
    """An entry's life."""

    schema_version: str
    entry_id: str
    changes: list[dict[str, Any]]
    same_party: list[dict[str, Any]]


class PageOut(_Out):
    """Which part of the rows this is, and the address of the next, if any."""

    offset: int
    limit: int
    total: int
    next: str | None


class ChangesOut(_Out):
    """What changed between two moments. `counts` counts all; `changes` holds one page."""

    schema_version: str
    counts: dict[str, int]
    changes: list[dict[str, Any]]
    page: PageOut


class CompareOut(_Out):
    """The evidence on two names."""

    schema_version: str
    score: float
    verdict: Literal["match", "no_match"]
    evidence: list[dict[str, Any]]


class DeterminationOut(_Out):
    """What the lists and the law mean for one act on its day."""

    schema_version: str
    outcome: str
    findings: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    next_steps: list[str]
    trace: list[str]
    basis: dict[str, Any]
    coverage: dict[str, Any]


class JobOut(_Out):
    """How far a file is screened. `state`: waiting, running, done or failed."""

    id: str
    file: str
    state: Literal["waiting", "running", "done", "failed"]
    rows: int
    with_hits: int
    rejected: int
    error: str | None = None
