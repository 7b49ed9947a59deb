"""Believable mails of reports, to look at without a shop."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from daemon.config import ShopConfig
from daemon.reports import specimens
from daemon.reports.mail import Made, carried, plots_of
from daemon.reports.plots import SECONDS, Drawing
from daemon.reports.sending import Drawer, drawn_as
from daemon.wording.carried import Picture
from daemon.wording.specimens import Specimen
from store.facts import Figures, FinanceFigures, Mail, Report, ReportRun, Role, Span

REPORTS = tuple(f"report_{report.value}" for report in Report)
IN_TIME, LATE = timedelta(hours=7), timedelta(days=4)


def without_plots(_wanted: Sequence[Drawing], _seconds: float) -> tuple[Picture, ...]:
    return ()


def report_specimens(shop: ShopConfig, drawing: Drawer = drawn_as) -> Iterator[Specimen]:
    """Of each report the everyday one first; by default its plots are drawn, which takes seconds. Raises PlotError."""
    yield report_specimen("plain", [made(specimens.finance())], shop, drawing)
    yield report_specimen("empty", [made(specimens.finance_without_orders(), LATE)], shop, drawing)
    marketing = specimens.marketing()
    yield report_specimen("plain", [made(marketing)], shop, drawing)
    yield report_specimen("month", [made(specimens.marketing(Span.MONTH))], shop, drawing)
    yield report_specimen("empty", [made(specimens.marketing_without_orders())], shop, drawing)
    yield report_specimen("addresses", [made(marketing)], shop, drawing, cleared=True)
    days = [specimens.CALENDAR.of_day(Span.DAY, marketing.period.first_day + timedelta(days=n)) for n in range(7)]
    missed = [replace(marketing, period=day, before=specimens.CALENDAR.before(day)) for day in days]
    yield report_specimen("digest", [made(day, LATE) for day in missed], shop, drawing)


def report_specimen(
    name: str, reports: Sequence[Made], shop: ShopConfig, drawing: Drawer, cleared: bool = False
) -> Specimen:
    run, figures = reports[-1].run, reports[-1].figures
    emails = {"5f" * 32: "ada@customer.example", "c1" * 32: "zoe@customer.example"} if cleared else None
    kind = f"report_{run.report.value}"
    token = f"specimen.{kind}.{name}"
    facts = {"report": run.report.value, "period": run.period.key, "recipient": "anna"}
    mail = Mail(token, token, kind, facts, run.made_at, role=Role.STAFF)
    return Specimen(name, mail, carried=carried(reports, shop, drawing(plots_of(figures, shop), SECONDS), emails))


def made(figures: Figures, after: timedelta = IN_TIME) -> Made:
    """As it is made so long after its period, by a shop that reports seven hours after it."""
    report = Report.FINANCE if isinstance(figures, FinanceFigures) else Report.MARKETING
    end = figures.period.end
    next_at = end + max(timedelta(days=figures.period.days), after) + IN_TIME
    return Made(ReportRun(report, figures.period, end + IN_TIME, end + after, after > IN_TIME, next_at, {}), figures)
