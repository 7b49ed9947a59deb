"""What the mail of a report shows and carries: cells for its templates, its plots, its tables as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from daemon.config import ShopConfig
from daemon.reports.drawings import drawings
from daemon.reports.finance_told import finance_told, label_of, restatements_told
from daemon.reports.marketing_told import marketing_told
from daemon.reports.numbers import Numbers
from daemon.reports.plots import Drawing
from daemon.reports.tables import as_csv, as_xlsx
from daemon.wording.carried import Carried, File, Picture
from daemon.wording.figures import Moments
from store.facts import JSON, Figures, FinanceFigures, Report, ReportRun

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPLIES: dict[Report, JSON] = {
    Report.FINANCE: {"word": "weeks", "example": "26", "of": "weeks"},
    Report.MARKETING: {"word": "top", "example": "25", "of": "products and customers"},
}


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it was made, with its figures; `before` is the report of this period that came by itself, if any.

    `asked` says that somebody replied to a report and gets it again.
    """

    run: ReportRun
    figures: Figures
    before: "Made | None" = None
    asked: bool = False


def plots_of(figures: Figures, shop: ShopConfig) -> tuple[Drawing, ...]:
    """The plots that belong to the report; only finance has any."""
    return drawings(figures, Numbers(shop), shop.locale) if isinstance(figures, FinanceFigures) else ()


def carried(
    reports: Sequence[Made],
    shop: ShopConfig,
    pictures: Sequence[Picture] = (),
    emails: Mapping[str, str] | None = None,
    replies: bool = True,
) -> Carried:
    """All that a mail needs besides its facts: of several reports the last is told in full, the others in a line each.

    `pictures` are the drawn plots, none when they could not be drawn; `emails` by hash are given for a recipient who is
    cleared for personal data; `replies` says whether anybody who replies could be believed, and so is invited to.
    """
    numbers, last = Numbers(shop), reports[-1]
    told: JSON = {"with_addresses": False, "missed": []}
    if len(reports) > 1:
        told["missed"] = [in_a_line(one.figures, numbers) for one in reports]
    told |= figures_told(last.figures, numbers, emails) | about(last, numbers)
    told["reply"] = REPLIES[last.run.report] if replies else None
    if len(reports) > 1:
        told["restated"] = restated([one.figures for one in reports], numbers)
    return Carried(told, tuple(pictures), files([one.figures for one in reports], last.run.report, emails))


def figures_told(figures: Figures, numbers: Numbers, emails: Mapping[str, str] | None) -> JSON:
    if isinstance(figures, FinanceFigures):
        return finance_told(figures, numbers)
    return marketing_told(figures, numbers, emails)


def about(made: Made, numbers: Numbers) -> JSON:
    """What every report says of itself."""
    run, before, period = made.run, made.before, made.run.period
    # Its own clocks count, which need not be the shop's: there the settings say when it comes.
    moment = Moments(ZoneInfo(period.zone), numbers.locale)
    return {
        "report": run.report.value,
        "heading": period.name[:1].upper() + period.name[1:],
        "period": {"name": period.name, "words": period.words, "zone": period.zone, "span": period.span.value},
        "made_at": moment(run.made_at.isoformat()),
        "due_at": moment(run.due_at.isoformat()),
        "late": run.late,
        "next_due_at": moment(run.next_due_at.isoformat()) if run.next_due_at else None,
        "by_hand": run.by_hand,
        "asked": made.asked,
        "reported_at": moment(before.run.made_at.isoformat()) if before else None,
        "differences": differences(made.figures, before.figures, numbers) if before else [],
    }


def headline(figures: Figures) -> dict[str, tuple[int, bool]]:
    """The sums that a report is known by: each with whether it is an amount in cents."""
    if isinstance(figures, FinanceFigures):
        sales = figures.now.sales
        return {
            "customers": (sales.customers, False),
            "orders": (sales.ordered.orders, False),
            "ordered": (sales.ordered.cents, True),
            "net": (sales.net.cents, True),
        }
    totals = figures.totals
    return {
        "customers": (totals.customers, False),
        "orders": (totals.orders, False),
        "pieces": (totals.units, False),
        "ordered": (totals.cents, True),
    }


def in_a_line(figures: Figures, numbers: Numbers) -> JSON:
    told = {what: told_as(value, numbers) for what, value in headline(figures).items()}
    return {"name": figures.period.name, "label": figures.period.key} | told


def restated(reports: Sequence[Figures], numbers: Numbers) -> list[JSON]:
    """What each of several reports tells otherwise than the one before it did, with the week of the report that does.

    Nobody reads the others in full, and history does not change silently.
    """
    return [
        one | {"told_in": label_of(figures.period.key)}
        for figures in reversed(reports)
        if isinstance(figures, FinanceFigures)
        for one in restatements_told(figures, numbers)
    ]


def differences(now: Figures, then: Figures, numbers: Numbers) -> list[JSON]:
    """The sums that today's books tell otherwise than the report did."""
    told = headline(then)
    return [
        {"what": what, "then": told_as(told[what], numbers), "now": told_as(value, numbers)}
        for what, value in headline(now).items()
        if value != told[what]
    ]


def told_as(value: tuple[int, bool], numbers: Numbers) -> str:
    number, is_money = value
    return numbers.money(number) if is_money else numbers.count(number)


def files(reports: Sequence[Figures], report: Report, emails: Mapping[str, str] | None) -> tuple[File, ...]:
    stem = stem_of(report, [figures.period.key for figures in reports])
    return (
        File(f"{stem}.csv", CSV, as_csv(reports, emails)),
        File(f"{stem}.xlsx", XLSX, as_xlsx(reports, emails)),
    )


def stem_of(report: Report, keys: Sequence[str]) -> str:
    """ "finance-2026-W47"."""
    return f"{report.value}-{keys[0]}" if len(keys) == 1 else f"{report.value}-{keys[0]}-to-{keys[-1]}"
