"""Minings, the rules that the last good one left, and how often each product is bought."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Float, Index, Text
from sqlmodel import Field

from store.facts import Evidence, MiningState
from store.models.kinds import Instant, RowId, Shop, Word, one_of, only_where, table_of


class MiningRow(Shop, table=True):
    """One row a mining, a few hundred a year; never two running, never two in force."""

    __tablename__ = "mining"
    __table_args__ = (
        one_of("state", MiningState),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="reason"),
        Index("uq_mining_running", "state", unique=True, **only_where("state = 'running'")),
        Index("uq_mining_in_force", "state", unique=True, **only_where("state = 'in_force'")),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    state: MiningState = Field(sa_type=Word(MiningState))
    owner: str = Field(sa_type=Text)
    started_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    since: datetime = Field(sa_type=Instant)
    settings: dict[str, Any] = Field(sa_type=JSON)
    finished_at: datetime | None = Field(sa_type=Instant)
    baskets: int = Field(sa_type=BigInteger)
    too_wide: int = Field(sa_type=BigInteger)
    rules: int = Field(sa_type=BigInteger)
    pairs: int = Field(sa_type=BigInteger)
    reason: str | None = Field(sa_type=Text)


class RuleRow(Shop, table=True):
    """All rules are of the mining in force.

    No foreign keys and no index: 200,000 rows are written at once while the books are held, and read as a whole. A
    product that was ever ordered is never deleted.
    """

    __tablename__ = "rule"
    __table_args__ = (
        one_of("evidence", Evidence),
        CheckConstraint("together >= 1 AND antecedents >= together AND consequents >= together", name="counts"),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    antecedent: str = Field(sa_type=Text)  # product ids, a line each
    consequent: str = Field(sa_type=Text)
    evidence: Evidence = Field(sa_type=Word(Evidence))
    together: int = Field(sa_type=BigInteger)
    antecedents: int = Field(sa_type=BigInteger)
    consequents: int = Field(sa_type=BigInteger)
    weight: float = Field(sa_type=Float(53))


class PopularityRow(Shop, table=True):
    __tablename__ = "popularity"
    __table_args__ = (
        CheckConstraint("baskets >= 1", name="baskets"),
        CheckConstraint("again >= 0 AND customers >= again", name="again"),
        # Pages of the catalogue, best sellers first.
        Index("ix_popularity_baskets", "baskets", "product_id"),
    )

    product_id: str = Field(sa_type=Text, primary_key=True)
    baskets: int = Field(sa_type=BigInteger)
    customers: int = Field(sa_type=BigInteger)
    again: int = Field(sa_type=BigInteger)


mining = table_of(MiningRow)
rule = table_of(RuleRow)
popularity = table_of(PopularityRow)
