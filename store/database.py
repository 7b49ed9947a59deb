"""Open a database, keep it at the newest revision, and give out transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["BusyError", "Connection", "Database", "DatabaseError", "ForbiddenError", "open_shop", "open_vault"]

History = Literal["shop", "vault"]

WAIT_SECONDS = 10.0
# A transaction whose owner went silent gives the books back after this long; deciding a batch takes far less.
IDLE_SECONDS = 120
# Any two numbers will do, as long as every process of the shop uses the same: "mailorder" and the history, made short.
ADVISORY_LOCKS: dict[History, int] = {"shop": 0x6D6F_7368, "vault": 0x6D6F_7661}


class DatabaseError(Exception):
    """The database cannot do what is asked; one line for the operator, without values and passwords."""


class BusyError(DatabaseError):
    """Another process held the database for longer than we wait; the same thing may be tried again."""


class ForbiddenError(DatabaseError):
    """A constraint of the database refused a row; nothing of the transaction was kept."""


class Database:
    """One database, its connections and its transactions; safe to share between threads.

    Every context raises BusyError when the database stays locked, ForbiddenError when a constraint
    refuses a row, and DatabaseError when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine, history: History, wait_seconds: float) -> None:
        self.engine = engine
        self.history = history
        self.wait_seconds = wait_seconds
        self._embedded = engine.dialect.name == "sqlite"
        self._turn = threading.Lock()

    def transaction(self) -> AbstractContextManager[Connection]:
        """The exclusive writer of the books: reading facts, deciding and writing are one step. Not to be nested."""
        if self._embedded:
            return self._writing_embedded()
        return self._begun(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCKS[self.history]})")

    def claiming(self) -> AbstractContextManager[Connection]:
        """A writer that does not wait for the books, where the database can tell rows apart (PostgreSQL)."""
        return self._writing_embedded() if self._embedded else self._begun()

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent snapshot; writing in it is an error."""
        if self._embedded:
            return self._begun("PRAGMA query_only = ON", "BEGIN")
        return self._begun("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def migrate(self) -> None:
        """Bring the tables to the newest revision, all of it or nothing; harmless when they are there."""
        from store.migrations import TooNewError, upgrade  # alembic takes a third of a second to import

        with self._writing_embedded(foreign_keys="OFF") if self._embedded else self.transaction() as conn:
            self._refuse_the_other(conn)
            try:
                upgrade(conn, self.history)
            except TooNewError as error:
                raise DatabaseError(str(error)) from None

    def _refuse_the_other(self, conn: Connection) -> None:
        """One file is never both, however its URL is spelled: addresses would stand in the books."""
        other = "vault" if self.history == "shop" else "shop"
        if self._embedded and inspect(conn).has_table(f"{other}_revision"):
            raise DatabaseError(f"{self.history} database: this is the {other}'s file; give each a URL of its own")

    def behind(self) -> list[str]:
        """Revisions not applied yet, oldest first; empty when the tables are current."""
        from store.migrations import TooNewError, missing

        with self.reading() as conn:
            try:
                return missing(conn, self.history)
            except TooNewError as error:
                raise DatabaseError(str(error)) from None

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _writing_embedded(self, foreign_keys: Literal["ON", "OFF"] = "ON") -> Iterator[Connection]:
        # Off only while migrating, which may rebuild tables; SQLite heeds the pragma before BEGIN alone.
        opening = ("PRAGMA query_only = OFF", f"PRAGMA foreign_keys = {foreign_keys}", "BEGIN IMMEDIATE")
        with self._exclusively(), self._begun(*opening) as conn:
            yield conn

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        # SQLite waits by sleeping in growing steps; threads of one process wake each other at once.
        if not self._turn.acquire(timeout=self.wait_seconds):
            raise BusyError(f"{self.history} database: held by another thread for over {self.wait_seconds:g} s")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _begun(self, *opening: str) -> Iterator[Connection]:
        try:
            with self.engine.connect() as conn, conn.begin():
                for statement in opening:
                    conn.exec_driver_sql(statement)
                yield conn
        except (DBAPIError, PoolTimeout) as error:
            raise in_one_line(error, self.history) from None


def open_shop(url: str, wait_seconds: float = WAIT_SECONDS) -> Database:
    """The shop's database; raises DatabaseError when it cannot be opened."""
    return open_database(url, "shop", wait_seconds)


def open_vault(url: str, wait_seconds: float = WAIT_SECONDS) -> Database:
    """The vault's database; raises DatabaseError when it cannot be opened."""
    return open_database(url, "vault", wait_seconds)


def open_database(url: str, history: History, wait_seconds: float) -> Database:
    try:
        parsed = make_url(url)
        opening = {"sqlite": embedded_engine, "postgresql": server_engine}[parsed.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):
        example = f"sqlite:///{history}.sqlite or postgresql://user@host/{history}"
        raise DatabaseError(f"{history} database: the URL is not one of ours; write {example}") from None
    if "@" in (parsed.host or ""):
        raise DatabaseError(f"{history} database: in the URL's password, write @ as %40")
    try:
        database = Database(opening(parsed, wait_seconds), history, wait_seconds)
        with database.reading():
            return database
    except (OSError, ImportError, ArgumentError, NoSuchModuleError, DBAPIError) as error:
        reason = without_password(last_words(error), parsed)
        raise DatabaseError(f"{history} database: cannot be opened: {reason}") from None
    except DatabaseError as error:
        raise type(error)(without_password(str(error), parsed)) from None


def is_missing(url: str) -> bool:
    """Whether the URL names a SQLite file that is not there: opening it would make one."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file()


def embedded_engine(url: URL, wait_seconds: float) -> Engine:
    """A SQLite file, made readable by its owner alone (0600); its -wal and -shm take over the mode."""
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise ArgumentError("a file is needed, for example sqlite:///shop.sqlite")
    make_private_file(Path(url.database))
    told: dict[str, Any] = {"isolation_level": None, "timeout": wait_seconds, "check_same_thread": False}
    engine = create_engine(url, hide_parameters=True, connect_args=told)
    event.listen(engine, "connect", prepare_embedded)
    return engine


def server_engine(url: URL, wait_seconds: float) -> Engine:
    """PostgreSQL, with a bound on every wait. Raises ImportError without the `postgres` extra."""
    settings = {
        "timezone": "UTC",
        "lock_timeout": int(wait_seconds * 1000),
        "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    }
    told = {
        "connect_timeout": int(WAIT_SECONDS),
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=told)
    except ImportError:
        raise ImportError("PostgreSQL needs its driver: pip install '.[postgres]'") from None


def make_private_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def prepare_embedded(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # SQLite does not wait here. Who holds a new file is making the same switch, which is of the file and for good.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
    cursor.execute("PRAGMA synchronous = FULL")
    # The next batches touch the same pages of the indexes again: brought home from the log every 16 MB instead of
    # every 4 MB, each is written half as often. A page cache larger than SQLite's 2 MB was tried and saves nothing.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.close()


def in_one_line(error: DBAPIError | PoolTimeout, history: History) -> Exception:
    """What the operator needs to know of a driver's error. A mistake of ours in a statement stays as it is."""
    told = f"{history} database: {last_words(error)}"
    if isinstance(error, PoolTimeout) or is_busy(error):
        return BusyError(told)
    if isinstance(error, IntegrityError):
        return ForbiddenError(told)
    return DatabaseError(told) if isinstance(error, OperationalError | InterfaceError | InternalError) else error


def is_busy(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    # lock_not_available, deadlock_detected, serialization_failure
    return getattr(error.orig, "sqlstate", None) in ("55P03", "40P01", "40001")


def last_words(error: Exception) -> str:
    """The driver's own sentence, without the row that PostgreSQL adds to it as DETAIL."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    cause = error.orig if isinstance(error, DBAPIError) else error
    primary: str | None = getattr(getattr(cause, "diag", None), "message_primary", None)
    return primary or (str(cause).splitlines() or [type(cause).__name__])[0]


def without_password(text: str, url: URL) -> str:
    return text.replace(str(url.password), "***") if url.password else text
