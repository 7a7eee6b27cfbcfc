"""The line of an answer without hits is made without its dictionary; it is the same line."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from caveat.batch.files import read_values
from caveat.batch.telling import no_hit_line, tell_query
from caveat.model.answer import SCHEMA_VERSION
from caveat.screening import Query

TEXT = st.text(st.characters(), max_size=12)


@given(st.fixed_dictionaries({"name": TEXT}, optional={"id": TEXT, "country": TEXT, "city": TEXT, "kind": TEXT}))
def test_a_line_without_hits_is_what_json_makes_of_it(values: dict[str, str]) -> None:
    told = {"schema_version": SCHEMA_VERSION, "query": tell_query(Query(**values)), "hits": [], "status": "no_hit"}
    assert no_hit_line(values) == json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def test_cells_that_are_no_texts_are_read_as_before() -> None:
    row = {"id": 7.0, "name": " Ali ", "other": object(), "aliases": "A; B;", "country": "", "kind": None}
    assert read_values(2, row) == {"id": "7", "name": "Ali", "aliases": ("A", "B")}
