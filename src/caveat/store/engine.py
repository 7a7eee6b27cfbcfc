"""Open a database, bring it to the newest form, back it up."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from caveat.errors import ConfigError, MissingPartError, StoreError

#: The newest migration; a test holds it against the migrations folder.
HEAD = "0003"
#: Rows copied at a time: some hold a publisher's whole file.
_AT_A_TIME = 50
_MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """An open database at its newest form. Use `read()` and `write()`; `close()` when done."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None for another database."""
        name = self.engine.url.database
        is_file = self.engine.dialect.name == "sqlite" and name and name != ":memory:"
        return Path(str(name)) if is_file else None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that reads one consistent state."""
        with _worded(self.engine), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:  # by default each statement there would see what others wrote meanwhile
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction: all of it happens, or nothing; one writer at a time."""
        with _worded(self.engine), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(744)")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def back_up(self, target: Path) -> None:
        """Copy the whole database into a new SQLite file, while others go on reading and writing."""
        if target.exists():
            raise StoreError("the file exists already", where=str(target), do="name a new file")
        if not target.parent.is_dir():
            raise StoreError("there is no such folder", where=str(target.parent), do="check the folder")
        if self.path is None:
            self._copy(target)
            return
        try:
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            target.unlink(missing_ok=True)
            raise StoreError(f"cannot be written ({error})", where=str(target), do="check the folder") from None

    def _copy(self, target: Path) -> None:
        """Copy every table of another kind of database, as they stand at one moment."""
        copy = open_store(str(target))
        try:
            tables = sa.MetaData()
            tables.reflect(copy.engine)
            with self.read() as source, copy.write() as into:
                for table in tables.sorted_tables:
                    if table.name != "alembic_version":
                        rows = source.execute(sa.select(table).execution_options(yield_per=_AT_A_TIME))
                        for part in rows.mappings().partitions():
                            into.execute(sa.insert(table), [dict(row) for row in part])
        except BaseException:
            copy.close()
            target.unlink(missing_ok=True)
            raise
        copy.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy URL or a file path; create and migrate it as needed."""
    engine = _engine(url)
    store = Store(engine)
    with _worded(engine):
        tables = sa.inspect(engine).get_table_names()  # asked first: another process may be creating them
        revision = _revision(engine)
        if revision is None and tables:
            raise StoreError(
                "holds the tables of another program",
                where=f"database {engine.url.render_as_string()}",
                do="name a Caveat database, or a new file",
            )
        if revision != HEAD:
            _migrate(engine)
    return store


def _engine(url: str) -> sa.Engine:
    if "://" not in url:
        url = f"sqlite:///{Path(url).expanduser()}"
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            where = f"database {parsed.render_as_string()}"  # without its password
            raise ConfigError("is neither SQLite nor PostgreSQL", where=where, do="use sqlite:/// or postgresql://")
        if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed)
    except (ArgumentError, NoSuchModuleError):
        where = f"database {re.sub('://.*@', '://…@', url)}"
        raise ConfigError("is not a database URL", where=where, do="try sqlite:///FILE") from None
    except ModuleNotFoundError:
        raise MissingPartError("PostgreSQL needs psycopg", do="pip install 'caveat[postgres]'") from None
    except OSError as error:
        raise StoreError(
            f"cannot be created ({error.strerror})", where=f"database {parsed.render_as_string()}"
        ) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=60000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine) -> None:
    from alembic import command  # 150 ms: only when the form of the database changes
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"was made by a newer Caveat ({error})", where=str(engine.url), do="upgrade Caveat"
            ) from None
        connection.commit()


@contextmanager
def _worded(engine: sa.Engine) -> Iterator[None]:
    """Turn what a driver throws into one line that says which database and what to do."""
    try:
        yield
    except DBAPIError as error:
        what = " ".join(str(error.orig).split())
        raise StoreError(
            f"cannot be used ({what})",
            where=f"database {engine.url.render_as_string()}",
            do="check that it exists, is reachable and is a Caveat database",
        ) from error
