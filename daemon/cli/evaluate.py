"""mailorder evaluate: how good suggestions are on baskets of the past, beside plain methods; no shop is needed."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.progress import progress
from daemon.cli.shared import AsJson, fail, print_json, print_rows
from daemon.importing.baskets import Basket, read_baskets

if TYPE_CHECKING:
    from recommend.evaluate import Evaluation

COLUMNS = ("method", "k", "hit rate", "NDCG", "coverage", "from rules")


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Order lines with the columns order_id, product_id, placed_at, and customer if known; or a basket a"
            " line, with commas.",
            exists=True,
            dir_okay=False,
        ),
    ],
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="How many suggestions a basket gets.")] = 3,
    cut: Annotated[
        str, typer.Option(metavar="DATE|SHARE", help="Train on baskets before this day, or on this share of all.")
    ] = "0.8",
    as_json: AsJson = False,
) -> None:
    """Train on the earlier baskets, hide one product of each later one, and count how often it is suggested.

    Beside ours (rules): the best sellers, item-item cosine, and EASE. Each later basket is asked about five times; what
    is hidden is the same at each run.
    """
    from recommend.evaluate import NothingToAskError  # brings numpy and more along: no other command shall pay for it
    from recommend.evaluate import evaluate as judge

    baskets = read_baskets(file)
    trained = place_of(cut, baskets)
    try:
        with progress("steps done") as tell:
            whose = [one.customer for one in baskets]
            told = judge([one.product_ids for one in baskets], trained, k, tell, whose)
    except NothingToAskError as why:
        raise fail(f"{file}: {why}; it is --cut {cut}") from None
    if as_json:
        print_json([asdict(one) for one in told.scored])
        return
    print_rows([row(asdict(one)) for one in told.scored], COLUMNS, False, "")
    typer.echo(in_words(told))


def place_of(cut: str, baskets: Sequence[Basket]) -> int:
    """How many baskets train."""
    try:
        share = float(cut)
    except ValueError:
        return place_of_day(cut, baskets)
    if not 0 < share < 1:
        raise fail(f"--cut {cut}: a share lies between 0 and 1, for example 0.8; a date is written 2026-01-31")
    return int(len(baskets) * share)


def place_of_day(cut: str, baskets: Sequence[Basket]) -> int:
    try:
        day = datetime.combine(date.fromisoformat(cut), time(), UTC)
    except ValueError:
        raise fail(f"--cut {cut}: write a date like 2026-01-31, or a share like 0.8") from None
    times = [one.placed_at for one in baskets if one.placed_at is not None]
    if not times:
        raise fail(f"--cut {cut}: the file tells no dates; write a share like 0.8")
    return bisect_left(times, day)


def row(scored: dict[str, object]) -> dict[str, str]:
    shares = {"hit rate": "hit_rate", "NDCG": "ndcg", "coverage": "coverage", "from rules": "from_rules"}
    told = {"method": str(scored["method"]), "k": str(scored["k"])}
    return told | {column: f"{scored[key]:.4f}" for column, key in shares.items()}


def in_words(told: "Evaluation") -> str:
    unknown = f"; in {told.unknown:,} what was hidden had never been sold and counts as missed" if told.unknown else ""
    return (
        f"\ntrained on {told.trained:,} baskets: {told.rules:,} rules and {told.pairs:,} weaker pairs;"
        f" EASE with lambda {told.ridge:g}, chosen among the trained\n"
        f"{told.questions:,} questions about later baskets; {told.single:,} of a single product were passed over"
        f"{unknown}\n"
        f"hit rate of the rules less that of the others, give or take a standard error: {differences(told)}"
    )


def differences(told: "Evaluation") -> str:
    return "; ".join(f"{one.method} {one.behind:+.4f} ± {one.behind_error:.4f}" for one in told.scored[1:])
