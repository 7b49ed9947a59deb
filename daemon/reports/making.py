"""Make the reports that are due: figures from the books, then one transaction for what was told and its mails."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from daemon.config import Config
from daemon.reports import finance, marketing
from daemon.reports.due import (
    MOST_AT_ONCE,
    Due,
    Outstanding,
    calendar_of,
    due_at,
    mailed_together,
    next_due_at,
    outstanding,
    unstarted,
)
from daemon.reports.offered import offer_totals
from store import outbox, periods
from store.database import BusyError, Connection, Database
from store.facts import Figures, FinanceFigures, Mail, MarketingFigures, Period, Report, ReportRun, Role
from store.facts.snapshots import SnapshotError, told, untold

log = structlog.get_logger()

SHAPES: dict[Report, type[FinanceFigures] | type[MarketingFigures]] = {
    Report.FINANCE: FinanceFigures,
    Report.MARKETING: MarketingFigures,
}


class UnmadeError(Exception):
    """Some reports could not be made, each named in the log; `made` are those that were."""

    def __init__(self, unmade: Sequence[Due], made: Sequence[ReportRun]) -> None:
        super().__init__("reports not made: " + ", ".join(f"{one.kind[0]} of {one.period.name}" for one in unmade))
        self.made = list(made)


def work_waits(connection: Connection, config: Config, now: datetime) -> bool:
    """Whether `make_due` would do anything; cheap, for every look at the clock."""
    waiting = outstanding(connection, config, now)
    return unstarted(connection, config) or any((one.due or one.settled) and not one.held_back for one in waiting)


def make_due(shop: Database, config: Config, now: datetime) -> list[ReportRun]:
    """Make all reports that are due; those that somebody else made meanwhile are left to him.

    The first look at a kind of report starts it: the first one is for the period in which that look falls. Raises
    BusyError and DatabaseError, and UnmadeError when one kind could not be made and the others were; what was not made
    is still due.
    """
    with shop.reading() as connection:
        starting = unstarted(connection, config)
    if starting:
        begin(shop, config, now)
    with shop.reading() as connection:
        waiting = [one for one in outstanding(connection, config, now) if not is_held_back(one)]
    made: list[ReportRun] = []
    unmade: list[Due] = []
    for kind in waiting:
        for together in mailed_together(kind.due, config.reports.late == "digest", now):
            try:
                made += make(shop, config, together, now)
            except BusyError:
                raise
            except Exception:
                # Those after it would be told without it; other kinds have nothing to do with it.
                log.exception("report_not_made", report=together[0].kind[0].value, period=together[0].period.key)
                unmade.append(together[0])
                break
        if kind.settled:
            with shop.transaction() as connection:
                periods.advance(connection, kind.kind, kind.settled)
    if unmade:
        raise UnmadeError(unmade, made)
    return made


def begin(shop: Database, config: Config, now: datetime) -> None:
    """What is wanted now begins, what is not wanted any more ends; of either the log says so."""
    wanted = config.reports.times().keys()
    with shop.transaction() as connection:
        before = periods.starts(connection).keys()
        periods.start(connection, wanted, now)
    for event, kinds in (("report_given_up", before - wanted), ("report_begins", wanted - before)):
        for report, span in sorted(kinds):
            log.info(event, report=report.value, span=span.value)


def is_held_back(waiting: Outstanding) -> bool:
    if waiting.held_back:
        report, span = waiting.kind
        since = waiting.due[0].due_at.isoformat()
        log.warning("reports_held_back", report=report.value, span=span.value, due_since=since, more_than=MOST_AT_ONCE)
    return waiting.held_back


def make(shop: Database, config: Config, due: Sequence[Due], now: datetime) -> list[ReportRun]:
    """Make reports that go out in one mail. The books are read without keeping anybody from them; only filing locks."""
    with shop.reading() as connection:
        runs = figured(connection, config, due, now)
    with shop.transaction() as connection:
        filed = [(written, run) for run in runs if (written := periods.file(connection, run)) is not None]
        if filed:
            recipients = config.reports.recipients(filed[0][1].report)
            outbox.enqueue(connection, [mail(filed, recipient, now) for recipient in recipients], now)
    return [run for _, run in filed]


def figured(connection: Connection, config: Config, due: Sequence[Due], now: datetime) -> list[ReportRun]:
    """The runs, oldest first; each finance report names what is no longer as the one before it told."""
    calendar, times = calendar_of(config), config.reports.times()
    runs: list[ReportRun] = []
    for one in due:
        filed = periods.last_before(connection, one.kind, one.period.start)
        before = max((run for run in (filed, *runs) if run), key=lambda run: run.period.end, default=None)
        figures = figures_of(connection, config, one.kind[0], one.period, before)
        next_at = next_due_at(calendar, one.kind, times[one.kind], now)
        runs.append(ReportRun(one.kind[0], one.period, one.due_at, now, one.late(now), next_at, told(figures)))
    return runs


def figures_of(
    connection: Connection,
    config: Config,
    report: Report,
    period: Period,
    before: ReportRun | None,
    shown: int | None = None,
) -> Figures:
    """The figures of a report; `shown` is how many weeks or how many of the best, by default as configured."""
    calendar = calendar_of(config)
    if report is Report.MARKETING:
        offers = offer_totals(connection, period, config.offers)
        return marketing.figures(connection, calendar, period, shown or config.reports.top, offers)
    then = told_before(before) if before is not None else None
    found = finance.figures(connection, calendar, period, shown or config.reports.weeks, then)
    if before is not None and then is None:
        return replace(found, unread_before=before.period.name)
    return found


def told_before(run: ReportRun) -> FinanceFigures | None:
    """What the finance report before told; None when it cannot be read, which must not keep the next one away."""
    try:
        return untold(FinanceFigures, run.snapshot)
    except SnapshotError as error:
        log.warning("report_unreadable", report=run.report.value, period=run.period.key, reason=str(error))
        return None


def figures_told(run: ReportRun) -> Figures:
    """What a report told when it was made. Raises SnapshotError."""
    return untold(SHAPES[run.report], run.snapshot)


def made_by_hand(
    connection: Connection, config: Config, report: Report, period: Period, now: datetime, shown: int | None = None
) -> ReportRun:
    """The report of a period by today's books, not filed."""
    calendar, when = calendar_of(config), config.reports.times().get((report, period.span))
    before = periods.last_before(connection, (report, period.span), period.start)
    figures = figures_of(connection, config, report, period, before, shown)
    due = due_at(calendar, when, period) if when else period.end
    next_at = next_due_at(calendar, (report, period.span), when, now) if when else None
    return ReportRun(report, period, due, now, False, next_at, told(figures), by_hand=True)


def send_by_hand(shop: Database, run: ReportRun, recipients: Sequence[str], now: datetime) -> int:
    """File a report that was made by hand, and mail it to these names in the configuration; its id."""
    with shop.transaction() as connection:
        filed = periods.file(connection, run)
        if filed is None:
            raise AssertionError("a report made by hand is always filed")
        outbox.enqueue(connection, [mail([(filed, run)], recipient, now) for recipient in recipients], now)
    return filed


def mail(filed: Sequence[tuple[int, ReportRun]], recipient: str, now: datetime) -> Mail:
    """The mail of one report, or of several in one; it is worded at sending, from what they told."""
    ids, runs = [written for written, _ in filed], [run for _, run in filed]
    first, last = runs[0], runs[-1]
    keys = first.period.key if first is last else f"{first.period.key}..{last.period.key}"
    by_hand = f":{ids[0]}" if first.by_hand else ""
    return Mail(
        token=secrets.token_hex(16),
        event_key=f"report:{first.report}:{keys}{by_hand}:{recipient}",
        kind=f"report_{first.report}",
        facts={
            "report": first.report.value,
            "span": first.period.span.value,
            "period": keys,
            "recipient": recipient,
            "runs": ids,
        },
        due_at=now,
        role=Role.STAFF,
    )
