"""Opening databases: old ones are brought up, newer and foreign ones refused; backups; the newest migration."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from ledger.small_lists import Desk, as_of, file_of, party

from caveat.app import open_app
from caveat.errors import CaveatError, ConfigError, StoreError
from caveat.store import engine as engine_part
from caveat.store import metadata, open_store

MIGRATIONS = Path(engine_part.__file__).parent / "migrations"


def migrate(path: Path, to: str) -> None:
    """Bring a database to one migration."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = AlembicConfig()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    engine.dispose()


def test_head_is_the_newest_migration() -> None:
    names = sorted(p.name[:4] for p in (MIGRATIONS / "versions").glob("0*.py"))
    assert names[-1] == engine_part.HEAD
    assert names == [f"{n:04}" for n in range(1, len(names) + 1)]


def test_migrations_make_the_tables_the_code_uses(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "new.sqlite"))
    found = sa.inspect(store.engine)
    for name, table in metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
        assert set(columns) == set(table.columns.keys()), name
        indexed = {tuple(i["column_names"]) for i in found.get_indexes(name)}
        assert {tuple(c.name for c in index.columns) for index in table.indexes} <= indexed, name
    store.close()


def test_a_database_of_the_first_migration_is_brought_up_with_its_data(tmp_path: Path) -> None:
    new, old = tmp_path / "new.sqlite", tmp_path / "old.sqlite"
    desk = Desk(new)
    desk.load(file_of([party("Alpha Works", "1"), party("Beta", "2")], "2020-01-01"))
    desk.load(file_of([party("Alpha Works", "1", title="x")], "2020-02-01"))
    expected, answer = desk.digest(), desk.names("2020-01-15")
    desk.store.close()
    migrate(old, "0001")
    with sqlite3.connect(old) as connection:
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert "word" not in tables
        connection.execute("ATTACH ? AS source", (str(new),))
        for table in sorted(set(tables) - {"alembic_version"}):
            names = [r[1] for r in connection.execute(f"PRAGMA table_info({table})")]
            known = [r[1] for r in connection.execute(f"PRAGMA source.table_info({table})")]
            columns = ", ".join(n for n in names if n in known)
            connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM source.{table}")
    connection.close()
    upgraded = Desk(old)
    assert upgraded.digest() == expected
    assert upgraded.names("2020-01-15") == answer
    (report,) = upgraded.load(file_of([party("Alpha Works", "1")], "2020-03-01"))
    assert report.status == "loaded"
    upgraded.store.close()
    with open_app(str(old)) as app:
        assert app.verify()["status"] == "whole"
        hit = app.screen("Alpha Works").hits[0]
        assert app.confirm("Alpha Works", hit.entry_id, why="it is them", who="me")["word"]["stands"]


def test_a_newer_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite"
    open_store(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match=r"newer Caveat.*upgrade Caveat"):
        open_store(str(path))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    connection.close()


@pytest.mark.parametrize("data", [b"this is a letter, not a database\n" * 100, b"SQLite format 3\x00" + b"\x07" * 4000])
def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"letter\.txt"):
        open_store(str(path))
    assert path.read_bytes() == data


def test_another_programs_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        open_store(str(path))
    with sqlite3.connect(path) as connection:
        assert [r[0] for r in connection.execute("SELECT name FROM sqlite_master")] == ["bookmarks"]
    connection.close()


def test_two_that_make_one_database_do_not_take_each_other_for_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fresh.sqlite"
    true_revision = engine_part._revision
    calls: list[str | None] = []

    def revision(engine: sa.Engine) -> str | None:
        calls.append(true_revision(engine))
        if len(calls) == 1 and calls[0] is None:
            migrate(path, "head")  # the other process is faster
        return calls[-1]

    monkeypatch.setattr(engine_part, "_revision", revision)
    open_store(str(path)).close()
    assert calls[0] is None


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "nonsense://x", "sqlite+nothing:///x", "postgresql+nothing://x"]
)
def test_a_url_that_is_none_is_one_clear_error(url: str) -> None:
    with pytest.raises(CaveatError) as met:
        open_store(url)
    assert url.split(":")[0] in str(met.value)


def test_a_password_is_never_printed() -> None:
    with pytest.raises(CaveatError) as met:
        open_store("postgresql://someone:sesame@127.0.0.1:1/none")
    assert "sesame" not in str(met.value)
    with pytest.raises(ConfigError) as met_config:
        open_store("mysql://someone:sesame@127.0.0.1:1/none")
    assert "sesame" not in str(met_config.value)


def test_a_backup_is_the_same_ledger(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "one.sqlite")
    desk.load(file_of([party("Alpha Works")], "2020-01-01"))
    with desk.store.read():  # while somebody reads
        desk.store.back_up(tmp_path / "copy.sqlite")
    desk.load(file_of([party("Alpha Works"), party("Late Comer")], "2020-02-01"))
    copy = Desk(tmp_path / "copy.sqlite")
    assert copy.names("2020-02-01") == ["Alpha Works"]
    copy.load(file_of([party("Alpha Works"), party("Late Comer")], "2020-02-01"))
    assert copy.digest() == desk.digest()
    with pytest.raises(StoreError, match=r"copy\.sqlite.*exists"):
        desk.store.back_up(tmp_path / "copy.sqlite")
    with pytest.raises(StoreError, match="absent"):
        desk.store.back_up(tmp_path / "absent" / "copy.sqlite")


def test_a_folder_or_a_locked_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(str(tmp_path))
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="file"):
        open_store(str(tmp_path / "file" / "below.sqlite"))


def test_memory_answers_like_a_file() -> None:
    desk = Desk("sqlite:///:memory:")
    desk.load(file_of([party("Alpha Works")], "2020-01-01"))
    assert [c.entries for c in desk.ledger.coverage(as_of("2020-01-02"))] == [1]
    assert desk.names("2020-01-02") == ["Alpha Works"]
    assert desk.ledger.relatives(desk.ids()["Alpha Works"]) == []


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "one.sqlite")
    desk.load(file_of([party("Alpha Works")], "2020-01-01"))
    before = desk.digest()
    with pytest.raises(RuntimeError, match="half way"), desk.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM saying")
        raise RuntimeError("half way")
    assert desk.digest() == before
