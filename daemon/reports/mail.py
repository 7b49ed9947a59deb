"""What the mail of a report shows and carries: cells for its templates, its plots, its tables as files."""

from collections.abc import Mapping, Sequence

from daemon.config import ShopConfig
from daemon.reports.drawings import drawings
from daemon.reports.finance_told import finance_told
from daemon.reports.marketing_told import marketing_told
from daemon.reports.numbers import Numbers
from daemon.reports.plots import Drawing
from daemon.reports.tables import as_csv, as_xlsx
from daemon.wording.carried import Carried, File, Picture
from store.facts import JSON, Figures, FinanceFigures, Report, ReportRun

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPLIES: dict[Report, JSON] = {
    Report.FINANCE: {"word": "weeks", "example": "26", "of": "weeks"},
    Report.MARKETING: {"word": "top", "example": "25", "of": "products and customers"},
}


def kind_of(report: Report) -> str:
    """The kind of mail, whose templates have a folder of that name."""
    return f"report_{report.value}"


def plots_of(figures: Figures, shop: ShopConfig) -> tuple[Drawing, ...]:
    """The plots that belong to the report; only finance has any."""
    return drawings(figures, Numbers(shop), shop.locale) if isinstance(figures, FinanceFigures) else ()


def carried(
    run: ReportRun,
    figures: Figures,
    shop: ShopConfig,
    pictures: Sequence[Picture],
    emails: Mapping[str, str] | None = None,
) -> Carried:
    """All that the mail needs besides its facts.

    `pictures` are the drawn plots, none when they could not be drawn; `emails` by hash are given for a recipient who is
    cleared for personal data.
    """
    numbers = Numbers(shop)
    if isinstance(figures, FinanceFigures):
        told = finance_told(figures, numbers)
    else:
        told = marketing_told(figures, numbers, emails)
    return Carried({"with_addresses": False} | told | about(run), tuple(pictures), files(run, figures, emails))


def about(run: ReportRun) -> JSON:
    """What every report says of itself."""
    period = run.period
    return {
        "report": run.report.value,
        "heading": period.name[:1].upper() + period.name[1:],
        "period": {"name": period.name, "words": period.words, "zone": period.zone, "span": period.span.value},
        "made_at": run.made_at.isoformat(),
        "due_at": run.due_at.isoformat(),
        "late": run.late,
        "next_due_at": run.next_due_at.isoformat() if run.next_due_at else None,
        "by_hand": run.by_hand,
        "reply": REPLIES[run.report],
    }


def files(run: ReportRun, figures: Figures, emails: Mapping[str, str] | None) -> tuple[File, ...]:
    stem = f"{run.report.value}-{run.period.key}"
    return (
        File(f"{stem}.csv", "text/csv; charset=utf-8", as_csv(figures, emails)),
        File(f"{stem}.xlsx", XLSX, as_xlsx(figures, emails)),
    )
