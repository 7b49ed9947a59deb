"""Reports that were made, and since when which are made by themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field

from store.facts import Report, Span
from store.models.kinds import Instant, RowId, Shop, Word, one_of, only_where, table_of

BY_ITSELF = "NOT by_hand"


class ReportRunRow(Shop, table=True):
    """What a report told when it was made; the snapshot holds hashes at most, never an address."""

    __tablename__ = "report_run"
    __table_args__ = (
        one_of("report", Report),
        one_of("span", Span),
        # A report comes by itself once a period, whoever else makes it at the same time.
        Index("uq_report_run_once", "report", "period_key", unique=True, **only_where(BY_ITSELF)),
        # last_before() and made_since() ask for the latest of a kind.
        Index("ix_report_run_end", "report", "span", "end_at"),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    report: Report = Field(sa_type=Word(Report))
    span: Span = Field(sa_type=Word(Span))
    period_key: str = Field(sa_type=Text)
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)
    next_due_at: datetime | None = Field(sa_type=Instant)
    late: bool
    by_hand: bool
    period: dict[str, Any] = Field(sa_type=JSON)
    snapshot: dict[str, Any] = Field(sa_type=JSON)


class ReportStartRow(Shop, table=True):
    """Until when all reports of a kind were made, or none was wanted: what ended after this instant is to be made."""

    __tablename__ = "report_start"
    __table_args__ = (one_of("report", Report), one_of("span", Span))

    report: Report = Field(sa_type=Word(Report), primary_key=True)
    span: Span = Field(sa_type=Word(Span), primary_key=True)
    since: datetime = Field(sa_type=Instant)


report_run = table_of(ReportRunRow)
report_start = table_of(ReportStartRow)
