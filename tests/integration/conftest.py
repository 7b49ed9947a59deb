"""Databases for tests: a fresh one each, of either kind, copied from one that was migrated once."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from postgres import NoServerError, postgres
from sqlalchemy import create_engine, make_url

from store.database import Database, History, open_database

NewDatabase = Callable[[History], Database]
WAIT_SECONDS = 5.0


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres())
        except NoServerError as reason:
            if os.environ.get("MAILORDER_REQUIRE_SERVERS") == "1":
                pytest.fail(f"PostgreSQL is required here: {reason}")
            pytest.skip(f"no PostgreSQL: {reason}")
        yield url


@pytest.fixture(scope="session")
def sqlite_urls(tmp_path_factory: pytest.TempPathFactory) -> Callable[[History | None], str]:
    """URLs of new SQLite files: a copy of migrated tables, or an empty one for None."""
    folder = tmp_path_factory.mktemp("sqlite")
    for history in ("shop", "vault"):
        migrate(f"sqlite:///{folder}/{history}", history)

    def new(history: History | None) -> str:
        path = Path(folder / uuid.uuid4().hex)
        if history:
            shutil.copy(folder / history, path)
        return f"sqlite:///{path}"

    return new


@pytest.fixture(scope="session")
def postgres_urls(postgres_url: str) -> Iterator[Callable[[History | None], str]]:
    """URLs of new PostgreSQL databases: a copy of migrated tables, or an empty one for None."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def new(template: str | None) -> str:
        name = f"mailorder_{uuid.uuid4().hex}"
        with engine.connect() as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        made.append(name)
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    templates: dict[History | None, str | None] = {None: None}
    for history in ("shop", "vault"):
        url = new(None)
        migrate(url, history)
        templates[history] = make_url(url).database
    yield lambda history: new(templates[history])
    with engine.connect() as conn:
        for name in made:
            conn.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> Callable[[History | None], str]:
    """Either database, by turns; the argument as above."""
    name = "sqlite_urls" if request.param == "sqlite" else "postgres_urls"
    found: Callable[[History | None], str] = request.getfixturevalue(name)
    return found


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """Opens databases and closes them when the test is over."""
    with ExitStack() as stack:

        def open_one(url: str, history: History, wait_seconds: float = WAIT_SECONDS) -> Database:
            database = open_database(url, history, wait_seconds)
            stack.callback(database.close)
            return database

        yield open_one


@pytest.fixture
def shop(new_url: Callable[[History | None], str], opened: Callable[..., Database]) -> Database:
    return opened(new_url("shop"), "shop")


@pytest.fixture
def vault_database(new_url: Callable[[History | None], str], opened: Callable[..., Database]) -> Database:
    return opened(new_url("vault"), "vault")


def migrate(url: str, history: History) -> None:
    database = open_database(url, history, WAIT_SECONDS)
    database.migrate()
    database.close()
