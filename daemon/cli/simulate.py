"""mailorder simulate: past orders come in anew as letters, day by day, and the books are stated and proved."""

import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.desk import log_watcher
from daemon.cli.progress import progress
from daemon.cli.shared import AsJson, fail, print_json
from daemon.config import LogConfig
from daemon.logs import set_up
from daemon.reading import csv_catalogue
from daemon.service.run import stop_on_signals
from store.facts import product_key

if TYPE_CHECKING:
    from daemon.simulator.purchases import Purchase
    from daemon.simulator.simulation import Result, Script
    from daemon.simulator.statement import Figures

MOST_DIFFERENCES = 20
STOPPED = 130
"""The exit code of what was ended by Ctrl-C."""


def add_to(app: typer.Typer) -> None:
    app.command()(simulate)


def simulate(
    orders: Annotated[
        Path,
        typer.Argument(help="Past orders: date, cust_email, cust_location, product_id, product_quantity."),
    ],
    catalogue: Annotated[Path, typer.Option(help="Products as CSV, with their prices and stock.")],
    days: Annotated[int | None, typer.Option(min=1, help="How many days; default: all of the file.")] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="The first day.")
    ] = None,
    faults: Annotated[
        int | None,
        typer.Option(metavar="SEED", help="Let some customers cancel, mistype, repeat themselves, write nonsense."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep databases, log, letters and mails in this new folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play past days in a shop of its own on loopback; exit 1 when books and letters do not agree.

    Every order of the file is a letter by SMTP that arrives on its day and is read, booked and answered. At the end
    comes a statement for each day, and the proof, reckoned from the letters alone, that the books are right.
    """
    script = script_of(orders, catalogue, days, start.date() if start else None, faults)
    stop = threading.Event()
    restore = stop_on_signals(stop)
    began = time.monotonic()
    with room(keep) as folder:
        result = play(script, folder, keep is not None, stop)
    restore()
    seconds = time.monotonic() - began
    if as_json:
        print_json(in_json(result, seconds, keep))
    else:
        print_result(result, seconds, keep)
    if stop.is_set():
        typer.echo(f"mailorder: stopped after {len(result.days)} of {len(script.days)} days", err=True)
        raise typer.Exit(STOPPED)
    if not result.ok:
        raise typer.Exit(1)


def script_of(orders: Path, products: Path, count: int | None, start: date | None, seed: int | None) -> "Script":
    """What is to be played; raises TableError or CatalogueError for a file that cannot be read."""
    # The servers of the simulator are not installed with a shop that runs for real.
    from daemon.simulator.days import days_to_play
    from daemon.simulator.purchases import read_purchases
    from daemon.simulator.simulation import Script

    purchases, goods = read_purchases(orders), csv_catalogue(products).products
    days = days_to_play(purchases, start, count)
    if not days:
        last = f"; the last is of {purchases[-1].day}" if purchases else ""
        raise fail(f"{orders}: no orders{f' from {start} on' if start else ''}{last}")
    warn_of_unknown(purchases, goods.keys())
    return Script(purchases, goods, days, seed)


def warn_of_unknown(purchases: "Sequence[Purchase]", known: Collection[str]) -> None:
    wanted = [product_key(product_id) for purchase in purchases for product_id, _ in purchase.wares]
    unknown = sum(key not in known for key in wanted)
    if unknown:
        typer.echo(f"{unknown} lines want products that are not in the catalogue: those orders are refused", err=True)


@contextmanager
def room(keep: Path | None) -> Iterator[Path]:
    """An empty folder for the books: the one to keep, or one that is gone in the end."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="mailorder-simulate-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken = any(keep.iterdir())
    except OSError as error:
        raise fail(f"{keep}: {error.strerror}") from None
    if taken:
        raise fail(f"{keep}: is not empty; name a new folder, what is there stays as it is")
    yield keep


def play(script: "Script", folder: Path, keep: bool, stop: threading.Event) -> "Result":
    from daemon.simulator.simulation import simulate as play_all

    with ExitStack() as stack:
        if keep:
            set_up(LogConfig(level="info"), stack.enter_context((folder / "log").open("w", encoding="utf-8")))
        else:
            set_up(LogConfig(level="warning"))
        tell = stack.enter_context(progress("days", max(1, len(script.days) // 10)))
        tell(0, len(script.days))
        return play_all(script, folder, keep, log_watcher(), lambda done: tell(done, len(script.days)), stop)


def in_json(result: "Result", seconds: float, keep: Path | None) -> dict[str, Any]:
    """Money in cents."""
    return {
        "ok": result.ok,
        "seconds": round(seconds, 2),
        "days": [{"day": day.isoformat(), **asdict(figures)} for day, figures in result.statement.days.items()],
        "total": asdict(result.statement.total),
        "proof": [{"claim": claim.claim, "differences": list(claim.differences)} for claim in result.claims],
        "fingerprint": result.fingerprint,
        "kept": str(keep) if keep else None,
    }


# For people

HEAD = ("day", "letters", "orders", "cancelled", "units", "sales", "back", "stock before", "after", "mails")


def print_result(result: "Result", seconds: float, keep: Path | None) -> None:
    rows = [row(day.isoformat(), figures) for day, figures in result.statement.days.items()]
    print_table([(*HEAD, "not booked, and why"), *rows, row("all", result.statement.total)])
    typer.echo("")
    for claim in result.claims:
        typer.echo(f"{'NO ' if claim.differences else 'ok '} {claim.claim}")
        for difference in claim.differences[:MOST_DIFFERENCES]:
            typer.echo(f"    {difference}")
        if len(claim.differences) > MOST_DIFFERENCES:
            typer.echo(f"    and {len(claim.differences) - MOST_DIFFERENCES} more; --json tells all")
    orders = result.statement.total.orders
    typer.echo(f"\n{orders:,} orders in {seconds:.1f} s; fingerprint of the books: {result.fingerprint}")
    if keep:
        typer.echo(f"Databases, log, letters and mails: {keep}")


def row(name: str, figures: "Figures") -> tuple[str, ...]:
    counts = (figures.letters, figures.orders, figures.cancelled, figures.units)
    stock = (figures.units_back, figures.stock_before, figures.stock_after, figures.mails)
    sales = f"${figures.cents // 100:,}.{figures.cents % 100:02}"
    return (name, *map("{:,}".format, counts), sales, *map("{:,}".format, stock), why(figures.outcomes))


def why(outcomes: Mapping[str, Mapping[str, int]]) -> str:
    """What was not booked: "refused too_late 2, unknown_product 1; held same_order 1"."""
    told = []
    for outcome, reasons in sorted(outcomes.items()):
        counted = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        told.append(f"{outcome} " + ", ".join(f"{reason} {count}" for reason, count in counted))
    return "; ".join(told)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Figures to the right; the first column and the last, which are words, to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *figures, last in rows:
        right = [cell.rjust(width) for cell, width in zip(figures, widths[1:-1], strict=True)]
        typer.echo("  ".join([first.ljust(widths[0]), *right, last]).rstrip())
