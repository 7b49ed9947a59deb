"""Reports as mails, made from the specimens without a shop."""

import email
import email.policy
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from daemon.config import ShopConfig
from daemon.reports.mail import Made, carried, plots_of
from daemon.wording import Worded, Wording
from daemon.wording.carried import Carried, Picture
from store.facts import Figures, FinanceFigures, Mail, Report, ReportRun, Role

SHOP = ShopConfig(name="Tin & Thimble", timezone="America/Denver")
WORDING = Wording(SHOP)
DOT = b"\x89PNG\r\n\x1a\n"


def run_of(figures: Figures, **told: Any) -> ReportRun:
    """A report made when it was due, seven hours after its period, unless told otherwise."""
    due_at = figures.period.end + timedelta(hours=7)
    report = Report.FINANCE if isinstance(figures, FinanceFigures) else Report.MARKETING
    run = {"due_at": due_at, "made_at": due_at, "late": False, "next_due_at": due_at + timedelta(days=7)}
    return ReportRun(report=report, period=figures.period, snapshot={}, **(run | told))


def mail_of(run: ReportRun) -> Mail:
    return Mail("t" * 32, "event", f"report_{run.report.value}", {"recipient": "cfo"}, run.made_at, role=Role.STAFF)


def carried_of(
    *reports: Figures, emails: Mapping[str, str] | None = None, drawn: bool = True, **told: Any
) -> tuple[ReportRun, Carried]:
    """Of several reports the run is the last one's."""
    last = reports[-1]
    pictures = [Picture(plot.name, DOT + plot.name.encode()) for plot in plots_of(last, SHOP)] if drawn else []
    made = [Made(run_of(figures, **told), figures) for figures in reports]
    return made[-1].run, carried(made, SHOP, pictures, emails)


def worded(figures: Figures, emails: Mapping[str, str] | None = None, drawn: bool = True, **told: Any) -> Worded:
    run, all_of_it = carried_of(figures, emails=emails, drawn=drawn, **told)
    return WORDING.word(mail_of(run), None, None, all_of_it)


def message(figures: Figures, **told: Any) -> EmailMessage:
    run, all_of_it = carried_of(figures, **told)
    raw = WORDING.compose(mail_of(run), "cfo@shop.example", None, None, run.made_at, all_of_it)
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made
