"""Association rules in force: the minings they come from, their replacement as a whole, and how they are read."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Text, cast, delete, func, or_, select, update

from store.facts import JSON, Evidence, Found, KeptRule, Mining, MiningState, Popular
from store.models import mining, popularity, rule
from store.sets import columns_of, insert_many, insert_rows, row_of

MINING = columns_of(mining, Mining)
RULE = columns_of(rule, KeptRule)
POPULAR = columns_of(popularity, Popular)
ROWS_AT_ONCE = 10_000


class NotOurTurnError(Exception):
    """The mining is not running any more: its time had run out, and it was given up or another took its place."""


def begin(
    conn: Connection, owner: str, since: datetime, settings: JSON, now: datetime, until: datetime
) -> Mining | None:
    """The mining begun, or None while another runs. One that should have ended before now is given up."""
    late = mining.c.state == MiningState.RUNNING, mining.c.until <= now
    conn.execute(update(mining).where(*late).values(state=MiningState.FAILED, finished_at=now, reason="not_heard_of"))
    if running(conn) is not None:
        return None
    number = (conn.execute(select(func.max(mining.c.id))).scalar_one() or 0) + 1
    begun = Mining(number, MiningState.RUNNING, owner, now, until, since, settings)
    insert_rows(conn, mining, [row_of(begun)])
    return begun


def running(conn: Connection) -> Mining | None:
    return one_in(conn, MiningState.RUNNING)


def in_force(conn: Connection) -> Mining | None:
    """The mining whose rules are in force; None before the first."""
    return one_in(conn, MiningState.IN_FORCE)


def one_in(conn: Connection, state: MiningState) -> Mining | None:
    row = conn.execute(select(*MINING).where(mining.c.state == state)).one_or_none()
    return Mining(*row) if row else None


def version(conn: Connection) -> int | None:
    """The number of the mining in force: another one says that the rules are others. Cheap."""
    return conn.execute(select(mining.c.id).where(mining.c.state == MiningState.IN_FORCE)).scalar_one_or_none()


def latest(conn: Connection, limit: int = 1) -> list[Mining]:
    """The minings that began last, the newest first, whatever became of them."""
    return [Mining(*row) for row in conn.execute(select(*MINING).order_by(mining.c.id.desc()).limit(limit))]


def fail(conn: Connection, owner: str, reason: str, now: datetime) -> bool:
    """Give up the running mining of this owner; False when it is not running. The rules in force stay."""
    ours = mining.c.owner == owner, mining.c.state == MiningState.RUNNING
    values = {"state": MiningState.FAILED, "finished_at": now, "reason": reason}
    return conn.execute(update(mining).where(*ours).values(**values)).rowcount == 1


def replace(conn: Connection, begun: Mining, found: Found, now: datetime) -> Mining:
    """Put the rules found in the place of those in force; in the caller's transaction, so a reader sees all or none.

    Raises NotOurTurnError when the mining is not running (any more); then nothing was changed.
    """
    told = sum(one.evidence is Evidence.RULE for one in found.rules)
    values = {"baskets": found.baskets, "rules": told, "pairs": len(found.rules) - told, "finished_at": now}
    ours = mining.c.id == begun.id, mining.c.state == MiningState.RUNNING
    former = update(mining).where(mining.c.state == MiningState.IN_FORCE).values(state=MiningState.REPLACED)
    with conn.begin_nested():
        conn.execute(former)
        if conn.execute(update(mining).where(*ours).values(state=MiningState.IN_FORCE, **values)).rowcount != 1:
            raise NotOurTurnError
    for table in (rule, popularity):
        conn.execute(delete(table))
    for start in range(0, len(found.rules), ROWS_AT_ONCE):
        insert_many(conn, rule, [row_of(one) for one in found.rules[start : start + ROWS_AT_ONCE]])
    for start in range(0, len(found.popular), ROWS_AT_ONCE):
        insert_many(conn, popularity, [row_of(one) for one in found.popular[start : start + ROWS_AT_ONCE]])
    return one_in(conn, MiningState.IN_FORCE) or begun


def rules(conn: Connection, evidence: Evidence | None = None, product_id: str | None = None) -> Iterator[KeptRule]:
    """The rules in force as a stream, the best first; with a product only those that name it on either side."""
    query = select(*RULE).order_by(rule.c.id).execution_options(yield_per=ROWS_AT_ONCE)
    if evidence is not None:
        query = query.where(rule.c.evidence == evidence)
    if product_id is not None:
        query = query.where(names(product_id))
    return (KeptRule(tuple(row[0]), *row[1:]) for row in conn.execute(query))


def names(product_id: str) -> ColumnElement[bool]:
    written = json.dumps(product_id)
    return or_(rule.c.consequent == product_id, cast(rule.c.antecedent, Text).contains(written, autoescape=True))


def popular(conn: Connection) -> Iterator[Popular]:
    """Every product that was in a basket, as a stream, the best seller first."""
    query = select(*POPULAR).order_by(popularity.c.baskets.desc(), popularity.c.product_id)
    return (Popular(*row) for row in conn.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))
