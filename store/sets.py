"""Statements over whole sets, in pieces that any database takes: one query a batch, never one a row."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Table,
    TableValuedAlias,
    Text,
    Update,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

# SQLite binds 32,766 variables to a statement, PostgreSQL 65,535.
PIECE = 10_000

Row = Mapping[str, Any]
EMBEDDED = sqlite.dialect(paramstyle="qmark")


def pieces(values: Collection[Any], size: int = PIECE) -> Iterator[list[Any]]:
    """The distinct values in lists of at most `size`; none at all for no values."""
    rest = iter(dict.fromkeys(values))
    while piece := list(islice(rest, size)):
        yield piece


# The bound list as a table of one column.
LISTED = func.json_each(bindparam("values", type_=JSON)).table_valued("value")


def among(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the column holds one of the "values" that the statement is given when it is executed.

    They are bound as one, so that lists of any length make the same statement: written out, SQLAlchemy and SQLite
    would put each together anew, and SQLite keep the last hundred of them. A statement that every letter needs is best
    made once: that takes SQLAlchemy longer than to execute it.
    """
    if dialect == "sqlite":
        return column.in_(select(LISTED.c.value))
    return column == any_(bindparam("values", type_=postgresql.ARRAY(column.type)))


def row_of(shape: Any) -> dict[str, Any]:
    """A frozen shape as the row of its table: the columns are named like its fields."""
    # Not `fields()`, which costs more than the row itself; the slots of these shapes are their fields.
    return {name: getattr(shape, name) for name in shape.__slots__}


def columns_of(table: Table, shape: type) -> list[Column[Any]]:
    """The columns that make the shape, in the order of its fields: `shape(*row)` builds it."""
    return [table.c[field.name] for field in fields(shape)]


def write_many(conn: Connection, statement: Insert | Update, rows: Sequence[Row]) -> None:
    """The statement for each of the rows, which have the same columns; nothing for no rows.

    On SQLite what is bound is converted a column at a time: SQLAlchemy's way, value by value, takes about as long
    as the writing itself. So make the statement once, not for each call: it is prepared for as long as it lives.
    """
    if not rows:  # SQLAlchemy takes an empty list for one row of defaults
        return
    if conn.dialect.name != "sqlite":
        conn.execute(statement, rows)
        return
    sql, columns = prepared(statement, tuple(rows[0]))
    bound = [converted([row[name] for row in rows], convert) for name, convert in columns]
    conn.exec_driver_sql(sql, list(zip(*bound, strict=True)))


Convert = Callable[[Any], Any]


@lru_cache(128)
def prepared(statement: Insert | Update, names: tuple[str, ...]) -> tuple[str, list[tuple[str, Convert | None]]]:
    """SQLite's spelling of a statement, and what is bound to it in turn: from which column, converted how."""
    compiled = statement.compile(dialect=EMBEDDED, column_keys=list(names))
    types = {name: compiled.binds[name].type.dialect_impl(EMBEDDED) for name in compiled.positiontup or ()}
    return str(compiled), [(name, types[name].bind_processor(EMBEDDED)) for name in compiled.positiontup or ()]


def converted(values: list[Any], convert: Convert | None) -> list[Any]:
    return values if convert is None else list(map(convert, values))


@cache
def inserting(table: Table) -> Insert:
    return insert(table)


def insert_rows(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    write_many(conn, inserting(table), rows)


def insert_many(conn: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Thousands of rows in one statement where statements are sent to a server: the books are locked meanwhile."""
    if not rows or conn.dialect.name == "sqlite":
        insert_rows(conn, table, rows)
        return
    told = recordset(table, rows)
    conn.execute(insert(table).from_select(list(rows[0]), select(told)))


def insert_plain(conn: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Hundreds of thousands of rows of plain values, in pieces; the names in the order of the table's columns.

    SQLAlchemy takes four times as long to hand them to SQLite as SQLite takes to write them, so they pass it by.
    """
    if conn.dialect.name == "sqlite":
        if rows:
            conn.exec_driver_sql(str(insert(table).compile(conn, column_keys=list(names))), list(rows))
        return
    for start in range(0, len(rows), PIECE):
        insert_many(conn, table, [dict(zip(names, row, strict=True)) for row in rows[start : start + PIECE]])


def update_many(conn: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """The rows with these keys take over the other values; as `insert_many`."""
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        renamed = [{name if name != key else "known": value for name, value in row.items()} for row in rows]
        conn.execute(update(table).where(table.c[key] == bindparam("known")), renamed)
        return
    told = recordset(table, rows)
    values = {name: told.c[name] for name in rows[0] if name != key}
    conn.execute(update(table).where(table.c[key] == told.c[key]).values(values))


def delete_many(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The rows that hold these values under these names; as `insert_many`."""
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        named = delete(table).where(*(table.c[name] == bindparam(f"known_{name}") for name in rows[0]))
        conn.execute(named, [{f"known_{name}": value for name, value in row.items()} for row in rows])
        return
    told = recordset(table, rows)
    conn.execute(delete(table).where(*(table.c[name] == told.c[name] for name in rows[0])))


def recordset(table: Table, rows: Sequence[Row]) -> TableValuedAlias:
    """Rows as a table that PostgreSQL unpacks from one JSON value; each column in its type in the other table."""
    told = cast(cast(json.dumps(rows, default=str), Text), postgresql.JSON)
    columns = (column(name, table.c[name].type) for name in rows[0])
    return func.json_to_recordset(told).table_valued(*columns).render_derived(with_types=True)


def insert_into(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, which each dialect spells by itself."""
    return insert_of(conn.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def present(
    conn: Connection, column: ColumnElement[str], values: Collection[str], *also: ColumnElement[bool]
) -> set[str]:
    """Which of the values the column holds, in rows for which the other conditions are true."""
    if not values:
        return set()
    query = select(column).where(among(conn.dialect.name, column), *also).distinct()
    found: set[str] = set()
    for piece in pieces(values):
        found.update(conn.scalars(query, {"values": piece}).all())
    return found
