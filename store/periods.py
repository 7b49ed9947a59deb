"""Which report was made for which period, and what it told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, literal_column, select, text, update

from store.facts import Period, Report, ReportRun, Span
from store.facts.snapshots import told, untold
from store.models import report_run, report_start
from store.sets import insert_into, row_of

Kind = tuple[Report, Span]

# Written out, not bound: SQLite uses a partial index only where it reads the index's own condition.
BY_ITSELF = ~report_run.c.by_hand
ONCE = text("NOT by_hand")
RUN = [report_run.c[name] for name in ("id", "report", "period", "due_at", "made_at", "late", "next_due_at")]
COLUMNS = [*RUN, report_run.c.snapshot, report_run.c.by_hand]


def starts(conn: Connection) -> dict[Kind, datetime]:
    """Since when each report is made by itself."""
    rows = conn.execute(select(report_start.c.report, report_start.c.span, report_start.c.since))
    return {(row.report, row.span): row.since for row in rows}


def start(conn: Connection, kinds: Collection[Kind], at: datetime) -> None:
    """From now on these are made, and no others; of one that was made before, the start stays as it is.

    One that is given up and later taken up again begins anew: it was not missed meanwhile.
    """
    known = starts(conn)
    for kind in known.keys() - set(kinds):
        conn.execute(delete(report_start).where(*is_kind(report_start, kind)))
    new = insert_into(conn, report_start).on_conflict_do_nothing(index_elements=["report", "span"])
    for kind in set(kinds) - known.keys():
        conn.execute(new, [{"report": kind[0], "span": kind[1], "since": at}])


def advance(conn: Connection, kind: Kind, since: datetime) -> None:
    """All periods that ended until then have their report: nobody need look for them any more."""
    behind = report_start.c.since < since
    conn.execute(update(report_start).where(*is_kind(report_start, kind), behind).values(since=since))


def made(conn: Connection, kind: Kind, since: datetime) -> set[str]:
    """The keys of the periods that ended after `since` and have their report."""
    after = report_run.c.end_at > since
    return set(conn.scalars(select(report_run.c.period_key).where(*is_kind(report_run, kind), BY_ITSELF, after)))


def file(conn: Connection, run: ReportRun) -> int | None:
    """Keep what a report told; its id, or None when the report of that period has been made already."""
    row = {name: value for name, value in row_of(run).items() if name != "period"} | {
        "span": run.period.span,
        "period_key": run.period.key,
        "start_at": run.period.start,
        "end_at": run.period.end,
        "period": told(run.period),
    }
    if run.by_hand:
        return int(conn.execute(insert(report_run).values(row).returning(report_run.c.id)).scalar_one())
    once = insert_into(conn, report_run).values(row)
    once = once.on_conflict_do_nothing(index_elements=["report", "period_key"], index_where=ONCE)
    written = conn.execute(once.returning(report_run.c.id)).scalar()
    return None if written is None else int(written)


def find(conn: Connection, ids: Collection[int]) -> dict[int, ReportRun]:
    """What these reports told; one that does not exist is left out."""
    rows = conn.execute(select(*COLUMNS).where(report_run.c.id.in_(ids)))
    return {row.id: run_of(row) for row in rows}


def of_period(conn: Connection, report: Report, key: str) -> ReportRun | None:
    """The report that came by itself for a period."""
    row = conn.execute(select(*COLUMNS).where(report_run.c.report == report, report_run.c.period_key == key, BY_ITSELF))
    found = row.one_or_none()
    return None if found is None else run_of(found)


def last_before(conn: Connection, kind: Kind, instant: datetime) -> ReportRun | None:
    """The latest report that came by itself for a period that ended at the instant or before."""
    query = (
        select(*COLUMNS)
        .where(*is_kind(report_run, kind), BY_ITSELF, report_run.c.end_at <= instant)
        .order_by(report_run.c.end_at.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else run_of(row)


def listing(conn: Connection, limit: int = 50) -> list[tuple[int, ReportRun]]:
    """Reports with their ids, the one made last first; without what they told."""
    nothing: Any = literal_column("NULL")
    query = select(*RUN, nothing.label("snapshot"), report_run.c.by_hand)
    rows = conn.execute(query.order_by(report_run.c.id.desc()).limit(limit))
    return [(row.id, run_of(row)) for row in rows]


def is_kind(table: Any, kind: Kind) -> tuple[Any, Any]:
    return table.c.report == kind[0], table.c.span == kind[1]


def run_of(row: Row[*tuple[Any, ...]]) -> ReportRun:
    _, report, period, due_at, made_at, late, next_due_at, snapshot, by_hand = row
    return ReportRun(report, untold(Period, period), due_at, made_at, late, next_due_at, snapshot or {}, by_hand)
