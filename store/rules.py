"""Association rules in force: the minings they come from, their replacement as a whole, and how they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from dataclasses import replace as changed
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, literal, or_, select, update

from store.facts import JSON, Evidence, Found, KeptRule, Mining, MiningState, Popular
from store.models import mining, popularity, rule
from store.sets import columns_of, insert_plain, insert_rows, row_of

MINING = columns_of(mining, Mining)
RULE = columns_of(rule, KeptRule)
POPULAR = columns_of(popularity, Popular)
READ_AT_ONCE = 10_000
BREAK = "\n"
"""Between the product ids of an antecedent, in which no line is broken."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a mining found, as it is written: columns of `mining`, and rows in the order of their shapes' fields."""

    counts: dict[str, int]
    rules: Sequence[tuple[Any, ...]]
    popular: Sequence[tuple[Any, ...]]


class NotOurTurnError(Exception):
    """The mining is not running any more: its time had run out, and it was given up or another took its place."""


def begin(conn: Connection, owner: str, since: datetime, settings: JSON, now: datetime, until: datetime) -> Mining:
    """The mining that runs from now on: this owner's, or another's that had begun before and is not over.

    One that should have ended before now is given up.
    """
    late = mining.c.state == MiningState.RUNNING, mining.c.until <= now
    conn.execute(update(mining).where(*late).values(state=MiningState.FAILED, finished_at=now, reason="not_heard_of"))
    if (other := running(conn)) is not None:
        return other
    number = (conn.execute(select(func.max(mining.c.id))).scalar_one() or 0) + 1
    begun = Mining(number, MiningState.RUNNING, owner, now, until, since, settings)
    insert_rows(conn, mining, [row_of(begun)])
    return begun


def find(conn: Connection, number: int) -> Mining | None:
    row = conn.execute(select(*MINING).where(mining.c.id == number)).one_or_none()
    return Mining(*row) if row else None


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


def pack(found: Found) -> Packed:
    """What was found as plain rows. It takes longer than to write them, and needs no lock."""
    told = sum(one.evidence is Evidence.RULE for one in found.rules)
    pairs = len(found.rules) - told
    counts = {"baskets": found.baskets, "too_wide": found.too_wide, "rules": told, "pairs": pairs}
    return Packed(counts, [packed(one) for one in found.rules], [tuple(row_of(one).values()) for one in found.popular])


def packed(one: KeptRule) -> tuple[Any, ...]:
    counts = (one.together, one.antecedents, one.consequents)
    return (BREAK.join(one.antecedent), one.consequent, one.evidence.value, *counts, one.weight)


def replace(conn: Connection, begun: Mining, found: Packed, now: datetime) -> Mining:
    """Put the rules found in the place of those in force; in the caller's transaction, so a reader sees all or none.

    Raises NotOurTurnError when the mining is not running (any more); then nothing was changed.
    """
    former = update(mining).where(mining.c.state == MiningState.IN_FORCE).values(state=MiningState.REPLACED)
    ours = mining.c.id == begun.id, mining.c.state == MiningState.RUNNING
    values: dict[str, Any] = {"state": MiningState.IN_FORCE, "finished_at": now, **found.counts}
    with conn.begin_nested():
        conn.execute(former)
        if conn.execute(update(mining).where(*ours).values(**values)).rowcount != 1:
            raise NotOurTurnError
    for table, shape, rows in ((rule, KeptRule, found.rules), (popularity, Popular, found.popular)):
        conn.execute(delete(table))
        insert_plain(conn, table, [field.name for field in fields(shape)], rows)
    return changed(begun, **values)


def rules(conn: Connection, evidence: Evidence | None = None, product_id: str | None = None) -> Iterator[KeptRule]:
    """The rules in force as a stream, the best first; with a product only those that name it on either side."""
    query = select(*RULE).order_by(rule.c.id).execution_options(yield_per=READ_AT_ONCE)
    if evidence is not None:
        query = query.where(rule.c.evidence == evidence)
    if product_id is not None:
        lines = literal(BREAK) + rule.c.antecedent + BREAK
        there = lines.contains(f"{BREAK}{product_id}{BREAK}", autoescape=True)
        query = query.where(or_(rule.c.consequent == product_id, there))
    return (KeptRule(tuple(row[0].split(BREAK)), *row[1:]) for row in conn.execute(query))


def popular(conn: Connection) -> Iterator[Popular]:
    """Every product that was in a basket, as a stream, the best seller first."""
    query = select(*POPULAR).order_by(popularity.c.baskets.desc(), popularity.c.product_id)
    return (Popular(*row) for row in conn.execute(query.execution_options(yield_per=READ_AT_ONCE)))
