"""Two histories of revisions, shop and vault, applied on a connection that is already in a transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection


class TooNewError(Exception):
    """The tables were made by a later program than this one."""


def upgrade(conn: Connection, history: str) -> None:
    """Apply what is missing, in the caller's transaction. Raises TooNewError."""
    if missing(conn, history):
        command.upgrade(configuration(conn, history), "heads")


def missing(conn: Connection, history: str) -> list[str]:
    """The revisions not applied yet, oldest first. Raises TooNewError."""
    context = MigrationContext.configure(conn, opts={"version_table": version_table(history)})
    scripts = ScriptDirectory.from_config(configuration(conn, history))
    applied = context.get_current_heads()
    try:
        waiting = list(scripts.iterate_revisions(tuple(scripts.get_heads()), applied or "base"))
    except RevisionError:
        raise TooNewError(f"{history} database: its tables are newer than this program; upgrade mailorder") from None
    return [script.revision for script in reversed(waiting)]


def configuration(conn: Connection, history: str) -> Config:
    here = str(Path(__file__).parent).replace("%", "%%")
    config = Config()
    config.set_main_option("script_location", here)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{here}/{history}")
    config.attributes.update(connection=conn, version_table=version_table(history))
    return config


def version_table(history: str) -> str:
    # One PostgreSQL database may hold both, each with its own history.
    return f"{history}_revision"
