"""Which column of a plain table says what: the words files use for the two ends, and for everything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caveat.errors import ShapeError

#: What a table is of, by the words for its two ends: (type, start, end). The first whose ends both stand counts.
_TRADES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("supplies",
     ("supplier", "seller", "vendor", "provider", "exporter", "供应商"),
     ("customer", "buyer", "purchaser", "client", "importer", "recipient", "company", "客户")),
    ("contains",
     ("input", "component", "part", "material", "raw_material", "ingredient", "child_item", "subassembly"),
     ("product", "finished_product", "finished_good", "end_product", "parent_item", "assembly", "article", "good")),
    ("makes",
     ("producer", "manufacturer", "maker", "mill", "factory", "supplier", "vendor"),
     ("product", "finished_product", "finished_good", "article", "good", "item")),
    ("owns",
     ("owner", "shareholder", "stockholder", "beneficial_owner", "ubo", "parent", "parent_company", "holder",
      "holding_company", "investor", "interested_party", "controlling_party", "psc", "股东", "股东名称", "母公司"),
     ("owned", "owned_company", "owned_entity", "subsidiary", "company", "investee", "issuer", "child", "held",
      "subject", "asset", "target", "affiliate", "entity", "公司", "公司名称",
      "企业名称", "子公司", "被投资企业", "name")),
    ("owns", ("company", "group", "firm", "entity"), ("subsidiary", "investee", "affiliate", "child")),
    ("directs", ("director", "officer", "board_member"), ("company", "organization", "organisation", "entity")),
    ("pays", ("payer", "donor", "sender"), ("payee", "beneficiary", "recipient", "receiver")),
    ("owns", ("from", "start", "source", "src", "start_node", "from_node"),
     ("to", "end", "target", "dst", "end_node", "to_node")),
)  # fmt: skip
#: A table that says `from` and `to` means its ends by them, unless these two stand beside them.
_BESIDE_FROM = frozenset({"supplies", "owns"})
_MAKERS = ("producer", "manufacturer", "maker", "mill", "factory", "supplier", "vendor", "input_supplier")
#: What may follow the word for an end -> the canonical ending.
_ABOUT: Mapping[str, str] = {
    "name": "name", "id": "id", "identifier": "id", "identifiers": "id", "ids": "id", "code": "id", "key": "id",
    "lei": "lei", "uscc": "uscc", "imo": "imo", "number": "number", "registration_number": "number", "reg_no": "number",
    "company_number": "number", "entry": "entry", "entry_id": "entry",
    "country": "country", "country_code": "country", "jurisdiction": "country", "nationality": "country",
    "origin": "country", "country_of_origin": "country", "region": "country",
    "kind": "kind", "type": "kind", "hts": "hts", "hts_code": "hts", "hs": "hts", "hs_code": "hts", "tariff": "hts",
    "address": "address",
}  # fmt: skip
#: Every other column: canonical name -> how files call it.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "relation", "relationship", "relationship_type", "relation_type", "edge_type", "tie", "link_type"),
    "kind": ("kind", "interest_type", "direct_or_indirect", "nature"),
    "pct": (
        "pct", "percent", "percentage", "share", "stake", "ownership", "shareholding", "interest", "equity",
        "share_pct", "share_percent", "share_percentage", "percentage_share", "percent_owned", "pct_owned",
        "percentage_owned", "owned_pct", "owned_percent", "ownership_pct", "ownership_percent", "ownership_percentage",
        "ownership_share", "equity_pct", "equity_percent", "stake_pct", "stake_percent", "share_held", "shares_pct",
        "pct_of_purchases", "share_of_purchases", "持股比例", "出资比例",
    ),
    "fraction": ("fraction", "share_fraction", "ownership_fraction", "ratio", "ownership_ratio"),
    "pct_min": tuple(f"{a}{b}" for a in ("pct_", "share_", "percent_", "percentage_", "ownership_", "stake_", "")
                     for b in ("min", "low", "minimum", "lower", "from", "least")),
    "pct_max": tuple(f"{a}{b}" for a in ("pct_", "share_", "percent_", "percentage_", "ownership_", "stake_", "")
                     for b in ("max", "high", "maximum", "upper", "to", "most")),
    "since": (
        "since", "valid_from", "start_date", "date_from", "from_date", "effective_from", "effective_date", "begin",
        "begins", "begin_date", "started_on", "acquired_on", "acquired", "notified_on", "held_since", "in_force_from",
    ),
    "until": (
        "until", "valid_to", "valid_until", "end_date", "date_to", "to_date", "effective_to", "ends", "ended_on",
        "ceased_on", "sold_on", "divested_on", "held_until", "in_force_to",
    ),
    "said": ("said", "said_on", "stated_on", "reported_on", "published", "published_on", "as_of", "known", "known_on",
             "statement_date", "retrieved_on", "retrieved"),
    "record": ("record", "record_id", "statement_id", "edge_id", "relationship_id"),
    "source": ("source", "source_name", "provenance", "publisher", "register", "according_to"),
    "cite": ("cite", "citation", "reference", "source_url", "url", "source_ref", "source_reference"),
    "amount": ("amount", "value", "spend", "sales", "revenue", "annual_amount", "annual_value"),
    "currency": ("currency", "ccy", "currency_code"),
    "quantity": ("quantity", "qty", "volume", "quantity_used"),
    "unit": ("unit", "units", "uom", "unit_of_measure"),
    "item": ("item", "goods", "commodity", "what", "product", "component", "part", "input", "material", "category"),
    "documents": ("documents", "document", "docs", "evidence", "proof", "proofs"),
    "maker_documents": tuple(f"{w}_{d}" for w in _MAKERS for d in ("documents", "evidence", "document", "proof")),
}  # fmt: skip
_MIN_WORDS = {"min_pct": "pct_min", "min_share": "pct_min", "min_percent": "pct_min", "low_pct": "pct_min",
              "minimum_share": "pct_min", "lower_bound": "pct_min", "at_least": "pct_min", "least_share": "pct_min",
              "max_pct": "pct_max", "max_share": "pct_max", "max_percent": "pct_max", "high_pct": "pct_max",
              "maximum_share": "pct_max", "upper_bound": "pct_max", "at_most": "pct_max",
              "greatest_share": "pct_max"}  # fmt: skip
_DAYS = {"from": "since", "to": "until", "start": "since", "end": "until"}
_MONEY = re.compile(r"(amount|value|spend|sales)_([a-z]{3})|([a-z]{3})_(amount|value)")
_COUNTRIES = {"origin": "country", "country_of_origin": "country", "country": "country", "region": "country",
              "input_origin": "country", "hts": "hts", "hts_code": "hts", "hs": "hts", "hs_code": "hts",
              "tariff": "hts", "htsus": "hts", "tariff_number": "hts"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table say.

    at        canonical column -> place
    type      what a row tells unless its `type` says otherwise
    currency  the currency the header itself names (`amount_usd`), or None
    keyed     ends (`from`, `to`) whose `_id` column is the party's id in this table, not an outer number
    """

    at: Mapping[str, int]
    type: str = "owns"
    currency: str | None = None
    keyed: frozenset[str] = frozenset()
    other: tuple[tuple[int, str], ...] = field(default=())


def read_header(cells: Sequence[str], name: str) -> Header:
    """Find the two ends and every column known; ShapeError where no two ends stand, naming the columns there are."""
    slugs = [_slug(c) for c in cells]
    found = _ends(slugs)
    if found is None:
        columns = ", ".join(c.strip() for c in cells[:12]) or "none"
        raise ShapeError(
            f"no two columns name the ends of a tie; its columns are {columns}", where=name,
            do="name them from and to, owner and owned, supplier and customer, or product and input",
        )  # fmt: skip
    type_, at, keyed = found
    if type_ == "contains":
        _add_end(at, slugs, "maker", _MAKERS)
    _add_loose(at, slugs, type_)
    currency = None
    for i, slug in enumerate(slugs):
        if i in at.values():
            continue
        word = _canonical(slug, at)
        if word is None and (money := _MONEY.fullmatch(slug)) and "amount" not in at:
            word, currency = "amount", (money[2] or money[3]).upper()
        if word is not None and word not in at:
            at[word] = i
    taken = set(at.values())
    other = tuple((i, s) for i, s in enumerate(slugs) if i not in taken)
    return Header(at, type_, currency, keyed, other)


def _ends(slugs: Sequence[str]) -> tuple[str, dict[str, int], frozenset[str]] | None:
    plain = {"from", "to"} <= set(slugs)
    for type_, starts, ends in _TRADES:
        if plain and type_ not in _BESIDE_FROM:
            continue
        at: dict[str, int] = {}
        keyed = set()
        for end, words in (("from", starts), ("to", ends)):
            word = _add_end(at, slugs, end, words)
            if word is None:
                break
            if word != end:
                keyed.add(end)
        else:
            return type_, at, frozenset(keyed)
    return None


def _add_end(at: dict[str, int], slugs: Sequence[str], end: str, words: Iterable[str]) -> str | None:
    """Place the columns about one end, and the one it is called by; the word found, or None."""
    for word in words:
        about: dict[str, int] = {}
        for i, slug in enumerate(slugs):
            if i in at.values():
                continue
            if slug == word:
                about.setdefault("", i)
            elif what := _about(slug, word):
                about.setdefault(what, i)
        called = next((w for w in ("", "id", "name", "lei", "uscc", "number", "entry") if w in about), None)
        if called is None:
            continue
        at[end] = about.pop(called)
        if called in ("lei", "uscc", "number", "entry"):
            at[f"{end}_{called}"] = at[end]
        at.update({f"{end}_{what}": i for what, i in about.items()})
        return word
    return None


def _about(slug: str, word: str) -> str | None:
    """What `owner_name` or `name_of_owner` says of the owner."""
    if slug.startswith(f"{word}_"):
        return _ABOUT.get(slug[len(word) + 1 :])
    return _ABOUT.get(slug.removesuffix(f"_of_{word}")) if slug.endswith(f"_of_{word}") else None


def _add_loose(at: dict[str, int], slugs: Sequence[str], type_: str) -> None:
    """A country or a tariff number without an end is the input's, or the product's where no input stands."""
    if type_ not in ("contains", "makes"):
        return
    end = "from" if type_ == "contains" else "to"
    for i, slug in enumerate(slugs):
        if i not in at.values() and (what := _COUNTRIES.get(slug)):
            at.setdefault(f"{end}_{what}", i)


def _canonical(slug: str, at: Mapping[str, int]) -> str | None:
    if slug in _DAYS:
        return _DAYS[slug]
    if slug in _MIN_WORDS:
        return _MIN_WORDS[slug]
    return next((word for word, names in _WORDS.items() if slug in names and word not in at), None)


def _slug(text: str) -> str:
    """`OwnerName (%)` as `owner_name`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.strip().strip("\ufeff"))
    return re.sub(r"[\W_]+", "_", spaced.casefold()).strip("_")
