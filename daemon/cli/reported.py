"""mailorder report list: which reports were made, and when the next ones come."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import typer

from daemon.cli.shared import AsJson, Limit, config_of, print_json, print_rows
from daemon.config import Config
from daemon.reports.due import MOST_AT_ONCE, calendar_of, next_due_at, outstanding
from daemon.service.house import Clock, open_books, utc_now
from store import periods
from store.database import Connection
from store.facts import ReportRun

MADE = ("id", "report", "period", "days", "made_at", "how")
COMING = ("report", "span", "next", "overdue", "to")
HELD_BACK = f"over {MOST_AT_ONCE}, held back: see mailorder status"
NOBODY = "Nobody is to get a report: add a section [reports.staff.NAME] to config.toml."


def list_reports(context: typer.Context, limit: Limit = 20, as_json: AsJson = False) -> None:
    """The reports made lately, and when the next ones come."""
    config = config_of(context)
    shop = open_books(config)
    with shop.reading() as connection:
        made = [row(written, run, calendar_of(config).zone) for written, run in periods.listing(connection, limit)]
        coming = list(announced(connection, config, utc_now))
    shop.close()
    if as_json:
        print_json({"made": made, "next": coming})
        return
    print_rows(made, MADE, False, "No reports yet.")
    typer.echo()
    print_rows(coming, COMING, False, NOBODY)


def row(written: int, run: ReportRun, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": written,
        "report": run.report.value,
        "period": run.period.key,
        "days": run.period.words,
        "due_at": run.due_at.astimezone(zone),
        "made_at": run.made_at.astimezone(zone).replace(microsecond=0),
        "how": "by hand" if run.by_hand else "late" if run.late else "in time",
    }


def announced(connection: Connection, config: Config, clock: Clock) -> Iterable[dict[str, Any]]:
    """For each report somebody gets: its next time on the local clock, and how many are overdue."""
    calendar, now = calendar_of(config), clock()
    overdue = {one.kind: HELD_BACK if one.held_back else len(one.due) for one in outstanding(connection, config, now)}
    for kind, when in config.reports.times().items():
        moment = next_due_at(calendar, kind, when, now).astimezone(calendar.zone)
        yield {
            "report": kind[0].value,
            "span": kind[1].value,
            "next": moment,
            "overdue": overdue.get(kind, 0),
            "to": ", ".join(config.reports.recipients(kind[0])),
        }
