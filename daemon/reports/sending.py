"""Reports at the moment of sending: what was told when they were made becomes what their mail carries."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from daemon.config import Config
from daemon.reports.due import calendar_of
from daemon.reports.mail import Made, carried, plots_of
from daemon.reports.making import figures_told, made_by_hand
from daemon.reports.plots import SECONDS, Drawing, PlotError, draw
from daemon.wording import UnmailableError
from daemon.wording.carried import Carried, Picture
from store import periods
from store.database import Connection, Database
from store.facts import JSON, Figures, MarketingFigures, QueuedMail, Report, ReportRun, Span
from store.facts.snapshots import SnapshotError
from store.vault import Vault

log = structlog.get_logger()

Drawer = Callable[[Sequence[Drawing], float], tuple[Picture, ...]]
"""What draws within so many seconds. Raises PlotError."""

ENOUGH = 3
"""Attempts after which a report goes out without its plots: its figures are worth more than its pictures."""


def replies_count(config: Config) -> bool:
    """Whether a reply to a report can be proven to be its recipient's: where no server vouches for letters, none is."""
    return any(mailbox.authserv_id for mailbox in config.mailbox.values())


def drawn_as(wanted: Sequence[Drawing], seconds: float = SECONDS) -> tuple[Picture, ...]:
    """The plots as pictures, drawn by a process of their own. Raises PlotError."""
    if not wanted:
        return ()
    drawn = draw(wanted, min(seconds, SECONDS))
    return tuple(Picture(one.name, png) for one, png in zip(wanted, drawn, strict=True))


class Reporting:
    """What dispatch asks when it sends a report; the plots drawn last are kept for the next recipient."""

    def __init__(self, shop: Database, vault: Vault, config: Config, drawing: Drawer = drawn_as) -> None:
        self.shop, self.vault, self.config, self.drawing = shop, vault, config, drawing
        self.drawn: tuple[tuple[Drawing, ...], tuple[Picture, ...]] = ((), ())
        self.failed: PlotError | None = None

    def begin(self) -> None:
        """A batch begins. Within it drawing fails once: it may hang for a minute, and customers' mail waits behind."""
        self.failed = None

    def address(self, name: str) -> str | None:
        """Where the one of this name in the configuration gets mail; None when nobody is called so any more."""
        staff = self.config.reports.staff.get(name)
        return staff.address if staff is not None else None

    def carry(self, queued: QueuedMail, now: datetime, seconds: float) -> Carried:
        """What the mail carries; half of the seconds are left to send it, so that one that was drawn goes out.

        Raises PlotError for a plot that cannot be drawn by then, as long as it is worth another try, UnmailableError
        when the report is not there any more, and DatabaseError.
        """
        facts = queued.mail.facts
        with self.shop.reading() as connection:
            if "runs" in facts:
                reports = filed(connection, facts["runs"])
            else:
                reports = [again(connection, self.config, facts, now)]
        shown = [one.figures for one in reports]
        return carried(
            reports,
            self.config.shop,
            self.pictures(plots_of(shown[-1], self.config.shop), queued.attempts, seconds / 2),
            self.emails(shown) if self.is_cleared(facts["recipient"]) else None,
            replies_count(self.config),
        )

    def is_cleared(self, name: str) -> bool:
        return self.config.reports.staff[name].personal

    def emails(self, reports: Sequence[Figures]) -> dict[str, str]:
        return self.vault.emails(hashes_of(reports))

    def pictures(self, wanted: tuple[Drawing, ...], attempts: int, seconds: float) -> tuple[Picture, ...]:
        """The plots drawn, or none after so many attempts."""
        if self.drawn[0] == wanted:
            return self.drawn[1]
        try:
            self.drawn = wanted, self.draw(wanted, seconds)
        except PlotError as error:
            if attempts < ENOUGH:
                raise
            log.warning("report_without_plots", reason=str(error))
            return ()
        return self.drawn[1]

    def draw(self, wanted: tuple[Drawing, ...], seconds: float) -> tuple[Picture, ...]:
        if self.failed is not None and wanted:
            raise PlotError(str(self.failed))
        try:
            return self.drawing(wanted, seconds)
        except PlotError as error:
            self.failed = error
            raise


def hashes_of(reports: Sequence[Figures]) -> set[str]:
    return {
        one.hashed_email for figures in reports if isinstance(figures, MarketingFigures) for one in figures.customers
    }


def filed(connection: Connection, ids: Collection[int]) -> list[Made]:
    """The reports of these ids, oldest first, as they were told when they were made."""
    runs = periods.find(connection, ids)
    if len(runs) != len(set(ids)):
        raise UnmailableError("the report that was to be mailed is not in the books any more")
    return [made(connection, run) for run in sorted(runs.values(), key=lambda run: run.period.end)]


def made(connection: Connection, run: ReportRun) -> Made:
    """A report with its figures; one made by hand also with what came by itself for its period, if that can be read."""
    before = periods.of_period(connection, run.report, run.period.key) if run.by_hand else None
    try:
        then = Made(before, figures_told(before)) if before else None
    except SnapshotError as error:
        log.warning("report_unreadable", report=run.report.value, period=run.period.key, reason=str(error))
        then = None
    return Made(run, figures_told(run), then)


def again(connection: Connection, config: Config, facts: Mapping[str, JSON], now: datetime) -> Made:
    """The report that somebody asked for again by replying to it, with as many weeks, or of the best, as asked."""
    report, span = Report(str(facts["report"])), Span(str(facts["span"]))
    shown = facts.get("weeks") or facts.get("top")
    period = calendar_of(config).read(span, str(facts["period"]))
    run = made_by_hand(connection, config, report, period, now, int(str(shown)))
    return replace(made(connection, run), asked=True)
