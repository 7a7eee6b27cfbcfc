"""Files of edges in the database: kept once by hash, never overwritten, read as of what was known."""

import gzip
import json
import os
import uuid

import pytest
import sqlalchemy as sa

from caveat.errors import ShapeError
from caveat.graph import Graph, keep_edges, kept_files, read_kept
from caveat.graph.keep import dataset_of, edge_file
from caveat.model import Moment
from caveat.store import open_store

OLD, NEW = b"from,to,pct\nA,B,60\n", b"from,to,pct\nA,B,30\n"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request, tmp_path):
    if request.param == "sqlite":
        opened = open_store(str(tmp_path / "x.db"))
        yield opened
        opened.close()
        return
    server = os.environ.get("CAVEAT_TEST_POSTGRES")
    if not server:
        pytest.skip("needs a PostgreSQL server: set CAVEAT_TEST_POSTGRES to its URL")
    name = f"caveat_graph_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(sa.make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    opened = open_store(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    yield opened
    opened.close()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def share(store, known):
    readings = read_kept(store, kept_files(store, Moment.parse(known) if known else None))
    return [e.exact for e in Graph.of(readings).edges]


def test_a_file_is_kept_once_and_a_later_one_takes_its_place(store):
    days = [(NEW, "2024-01-01"), (OLD, "2022-01-01")]  # the older file is loaded later
    for data, day in days:
        _, new = keep_edges(store, data, "r.csv", loaded_at="2026-01-01", dataset="r", published=Moment(day))
        assert new
        assert not keep_edges(store, data, "r.csv", loaded_at="2026-02-01", dataset="r", published=Moment(day))[1]
    assert share(store, "2021-01-01") == []
    assert share(store, "2023-01-01") == [60.0]
    assert share(store, None) == [30.0]
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(edge_file)).scalar() == 2


def test_a_broken_file_changes_nothing(store):
    keep_edges(store, OLD, "r.csv", loaded_at="2026-01-01")
    with pytest.raises(ShapeError):
        keep_edges(store, b'[{"recordType": "ent', "r.csv", loaded_at="2026-01-02")
    assert share(store, None) == [60.0]


def test_files_of_several_datasets_speak_together(store):
    keep_edges(store, OLD, "one_2024-01-01.csv", loaded_at="2026-01-01")
    keep_edges(store, gzip.compress(b"from,to,pct\nC,D,5\n"), "two.csv.gz", loaded_at="2026-01-01")
    assert sorted(share(store, None)) == [5.0, 60.0]
    assert [k.dataset for k in kept_files(store)] == ["one", "two"]


def test_a_delta_adds_amends_and_takes_away(store):
    def line(op, entity):
        return json.dumps({"op": op, "entity": entity})

    def firm(key):
        return {"id": key, "schema": "Company", "properties": {"name": [key]}}

    def tie(key, pct):
        return {"id": key, "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"], "percentage": [pct]}}

    whole = "\n".join(map(json.dumps, [firm("a"), firm("b"), tie("t1", "60"), tie("t2", "5")]))
    keep_edges(store, whole.encode(), "f.json", loaded_at="2026-01-01", dataset="f", published=Moment("2024-01-01"))
    delta = "\n".join([line("DEL", {"id": "t2"}), line("MOD", tie("t1", "40"))])
    keep_edges(store, delta.encode(), "d.json", loaded_at="2026-01-01", dataset="f", published=Moment("2024-02-01"))
    assert share(store, "2024-01-15") == [60.0, 5.0]
    assert share(store, None) == [40.0]


def test_the_dataset_of_a_file_name():
    assert dataset_of("gleif_20240501-0800.xml.gz") == "gleif" and dataset_of("2024-05-01.csv") == "2024-05-01"


def test_the_migration_makes_the_table_of_the_code(store):
    found = {c["name"] for c in sa.inspect(store.engine).get_columns("edge_file")}
    assert found == {c.name for c in edge_file.c}
