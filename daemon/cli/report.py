"""mailorder report: a report made by hand, told as things stood when its period ended."""

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.reported import list_reports
from daemon.cli.shared import config_of, fail
from daemon.config import Config
from daemon.reports.due import calendar_of
from daemon.reports.mail import Made, carried, plots_of
from daemon.reports.making import made_by_hand, send_by_hand
from daemon.reports.periods import PeriodError
from daemon.reports.plots import PlotError
from daemon.reports.sending import drawn_as, made, replies_count
from daemon.service.house import open_books, utc_now
from daemon.wording import Wording
from daemon.wording.carried import Carried, Picture
from daemon.wording.preview import as_files
from store.database import Database
from store.facts import Mail, Period, Report, Role, Span

app = typer.Typer(help="Reports: made by hand, and when they come by themselves.", no_args_is_help=True)
app.command("list")(list_reports)

Day = Annotated[str | None, typer.Option(metavar="2026-11-22", help="The report of this day.")]
Week = Annotated[str | None, typer.Option(metavar="2026-W47", help="The report of this week; else the last one over.")]
Month = Annotated[str | None, typer.Option(metavar="2026-11", help="The report of this month.")]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write report.txt, .html, .eml, .csv, .xlsx and its plots there.")
]
Send = Annotated[bool, typer.Option("--send", help="Mail it to all who get this report, marked as made by hand.")]


@app.command()
def finance(
    context: typer.Context,
    week: Week = None,
    day: Annotated[str | None, typer.Option(hidden=True)] = None,
    month: Annotated[str | None, typer.Option(hidden=True)] = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=104, help="How many weeks it shows.")] = None,
    out: Out = None,
    send: Send = False,
) -> None:
    """Orders and dollars of a week, as things stood when it ended; prints it unless told where it is to go."""
    if day is not None or month is not None:
        raise fail("the finance report is of a week; use --week, for example --week 2026-W47")
    by_hand(context, Report.FINANCE, {Span.WEEK: week}, weeks, out, send)


@app.command()
def marketing(
    context: typer.Context,
    day: Day = None,
    week: Week = None,
    month: Month = None,
    top: Annotated[int | None, typer.Option(min=1, max=100, help="How many products and customers it shows.")] = None,
    out: Out = None,
    send: Send = False,
) -> None:
    """What sold best, and who bought most, in a day, week or month, as things stood when it ended.

    Prints it unless told where it is to go.
    """
    by_hand(context, Report.MARKETING, {Span.DAY: day, Span.WEEK: week, Span.MONTH: month}, top, out, send)


def by_hand(
    context: typer.Context,
    report: Report,
    told: dict[Span, str | None],
    shown: int | None,
    out: Path | None,
    send: bool,
) -> None:
    config = config_of(context)
    period = period_of(config, told)
    shop = open_books(config)
    try:
        with shop.reading() as connection:
            one = made(connection, made_by_hand(connection, config, report, period, utc_now(), shown))
        if out is not None:
            write_out(config, one, out)
        if send:
            send_out(config, shop, one)
        if out is None and not send:
            typer.echo(in_words(config, one))
    finally:
        shop.close()


def period_of(config: Config, told: dict[Span, str | None]) -> Period:
    """The period that was told, or the last week that is over; one that is not over has no report yet."""
    named = [(span, key) for span, key in told.items() if key is not None]
    if len(named) > 1:
        raise fail(f"give only one of {', '.join(f'--{span.value}' for span, _ in named)}")
    calendar, now = calendar_of(config), utc_now()
    if not named:
        return calendar.before(calendar.holding(Span.WEEK, now))
    try:
        period = calendar.read(*named[0])
    except PeriodError as error:
        raise fail(str(error)) from None
    if period.end > now:
        raise fail(f"{period.words} is not over yet; there is a report of {period.key} once it is")
    if period.start == period.end:
        raise fail(f"{period.words} did not take place: the clocks there skipped it")
    return period


def in_words(config: Config, one: Made) -> str:
    told = carried([one], config.shop, replies=replies_count(config))
    worded = Wording(config.shop).word(mail_of(one), None, None, told)
    return f"{worded.subject}\n\n{worded.text}"


def write_out(config: Config, one: Made, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    all_of_it = carried([one], config.shop, plots(config, one), replies=replies_count(config))
    for name, content in files(config, one, all_of_it).items():
        (folder / name).write_bytes(content)
        typer.echo(folder / name)


def files(config: Config, one: Made, all_of_it: Carried) -> dict[str, bytes]:
    wording, mail = Wording(config.shop), mail_of(one)
    worded = wording.word(mail, None, None, all_of_it)
    whole = wording.compose(mail, config.shop.operator, None, None, one.run.made_at, all_of_it)
    return as_files(worded, whole, all_of_it, "report")


def plots(config: Config, one: Made) -> tuple[Picture, ...]:
    try:
        return drawn_as(plots_of(one.figures, config.shop))
    except PlotError as error:
        typer.echo(f"mailorder: without plots: {error}", err=True)
        return ()


def send_out(config: Config, shop: Database, one: Made) -> None:
    recipients = config.reports.recipients(one.run.report)
    if not recipients:
        report = one.run.report.value
        raise fail(f'nobody gets the {report} report; add a section [reports.staff.NAME] with reports = ["{report}"]')
    send_by_hand(shop, one.run, recipients, utc_now())
    typer.echo(f"{one.run.report.value} {one.run.period.key}: will be mailed to {', '.join(recipients)}")


def mail_of(one: Made) -> Mail:
    """As if it were mailed, but to nobody: its Message-ID is that of no mail ever sent."""
    report, key = one.run.report.value, one.run.period.key
    facts = {"report": report, "span": one.run.period.span.value, "period": key, "recipient": ""}
    return Mail(f"by-hand.{report}.{key}", "", f"report_{report}", facts, one.run.made_at, role=Role.STAFF)
