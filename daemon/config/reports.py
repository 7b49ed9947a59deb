"""Which reports come when, to whom, and how much they show."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from pydantic import Field, field_validator

from daemon.config.sections import ADDRESS, MAILBOX_NAME, Section, ShopConfig
from store.facts import Report, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_DAY = 28  # every month has one
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class When:
    """A local wall time, and for weeks on which weekday (Monday is 0), for months on which day of the month."""

    at: time
    day: int | None = None


def when(span: Span, told: str) -> When | None:
    """What a setting says: `07:30`, `monday 07:00` or `1 08:00`; None for an empty one, which means never.

    Raises ValueError with what to write instead.
    """
    *days, clock = told.strip().lower().split() or [""]
    if not clock:
        return None
    shown = TIME.fullmatch(clock)
    if shown is None or len(days) != (span is not Span.DAY):
        raise ValueError(EXAMPLES[span])
    at = time(int(shown[1]), int(shown[2]))
    return When(at, day_of(span, days[0]) if days else None)


def day_of(span: Span, told: str) -> int:
    if span is Span.WEEK and told in WEEKDAYS:
        return WEEKDAYS.index(told)
    if span is Span.MONTH and told.isdecimal() and told.isascii() and 1 <= int(told) <= LAST_DAY:
        return int(told)
    raise ValueError(EXAMPLES[span])


EXAMPLES = {
    Span.DAY: 'write a time like "07:30"; "" for never',
    Span.WEEK: 'write a day and a time like "monday 07:00"; "" for never',
    Span.MONTH: f'write a day from 1 to {LAST_DAY} and a time like "1 08:00"; "" for never',
}


class FinanceTimes(Section):
    weekly: str = "monday 07:00"

    @field_validator("weekly")
    @classmethod
    def week(cls, told: str) -> str:
        when(Span.WEEK, told)
        return told


class MarketingTimes(FinanceTimes):
    daily: str = ""
    weekly: str = "monday 07:30"
    monthly: str = "1 08:00"

    @field_validator("daily")
    @classmethod
    def day(cls, told: str) -> str:
        when(Span.DAY, told)
        return told

    @field_validator("monthly")
    @classmethod
    def month(cls, told: str) -> str:
        when(Span.MONTH, told)
        return told


class StaffConfig(Section):
    """Somebody who gets reports; `personal` clears them for the customers' addresses instead of their aliases."""

    address: str
    reports: tuple[Report, ...] = (Report.FINANCE, Report.MARKETING)
    personal: bool = False

    @field_validator("address")
    @classmethod
    def plausible_address(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value):
            raise ValueError("is not a plain mail address, for example anna@shop.example")
        return value


class ReportsConfig(Section):
    timezone: str = ""
    week_starts: Weekday = "monday"
    late: Literal["each", "digest"] = "each"
    weeks: int = Field(default=13, ge=1, le=104)
    top: int = Field(default=10, ge=1, le=100)
    finance: FinanceTimes = FinanceTimes()
    marketing: MarketingTimes = MarketingTimes()
    staff: dict[str, StaffConfig] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        return ShopConfig.known_zone(value) if value else value

    @field_validator("staff")
    @classmethod
    def well_named(cls, value: dict[str, StaffConfig]) -> dict[str, StaffConfig]:
        for name in value:
            if not MAILBOX_NAME.fullmatch(name):
                raise ValueError(f"{name}: name it with small letters, digits and _ only")
        return value

    def recipients(self, report: Report) -> tuple[str, ...]:
        """The names of those who get a report; a report that nobody gets is not made."""
        return tuple(name for name, one in self.staff.items() if report in one.reports)

    def times(self) -> dict[tuple[Report, Span], When]:
        """When each report comes that somebody gets."""
        told = {
            (Report.FINANCE, Span.WEEK): self.finance.weekly,
            (Report.MARKETING, Span.DAY): self.marketing.daily,
            (Report.MARKETING, Span.WEEK): self.marketing.weekly,
            (Report.MARKETING, Span.MONTH): self.marketing.monthly,
        }
        found = {kind: when(kind[1], said) for kind, said in told.items() if self.recipients(kind[0])}
        return {kind: at for kind, at in found.items() if at is not None}
