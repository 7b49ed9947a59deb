"""mailorder orders import and export: whole tables of orders, from and to spreadsheets."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.cli.progress import progress
from daemon.cli.shared import AsJson, config_of, print_json
from daemon.importing.export import Cell, units, write_table
from daemon.importing.history import Imported, Options, import_history
from daemon.service.house import open_books, open_house
from daemon.wording.figures import Money, locale_of
from store import orders
from store.database import Connection
from store.facts import Order

PAGE = 1_000
HEADER = (
    "order_id",
    "placed_at",
    "customer",
    "product_id",
    "name",
    "quantity",
    "unit_price",
    "unit_cost",
    "state",
    "closed_at",
)


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_file)
    app.command("export")(export_file)


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV (also gzipped) or XLSX.")],
    take_stock: Annotated[
        bool, typer.Option("--take-stock", help="Take the goods of new orders off today's shelf as well.")
    ] = False,
    create_products: Annotated[
        bool, typer.Option("--create-products", help="Make products that the shop does not know, none of them on hand.")
    ] = False,
    skip_bad: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Import the rest; write orders with a bad line there (CSV, 0600)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Book orders of the past, all or nothing; exit 1 when a bad line kept the file out. Nobody is mailed.

    Columns: date, cust_email, cust_location, product_id, product_quantity, where the rows of one day and customer are
    one order; or order_id, placed_at, customer, product_id, name, quantity, unit_price, where customer may be empty.
    A price that is not stated is the product's of today. Past orders are fulfilled and cannot be cancelled. An order
    that was imported before is recognised: the same file again, or one that has grown, books only what is new.
    Addresses go to the vault alone. The shop waits while a long file is booked.
    """
    config = config_of(context)
    options = Options(config.shop.zone, config.shop.currency, take_stock, create_products, skip_bad, dry_run)
    with open_house(config) as house, progress("past orders") as tell:
        done = import_history(file, house.shop, house.vault, options, house.clock(), tell)
    if as_json:
        print_json(in_json(done))
    else:
        print_result(done, options, Money(config.shop.currency, locale_of(config.shop.locale)))
    if done.faults and not done.booked and not dry_run:
        raise typer.Exit(1)


def in_json(done: Imported) -> dict[str, Any]:
    return {
        "booked": done.booked,
        "lines": done.lines,
        "orders": done.orders,
        "order_lines": done.order_lines,
        "units": done.units,
        "cents": done.cents,
        "known": done.known,
        "products_created": done.created,
        "left_out": done.left_out,
        "bad": [
            {"line": fault.line, "column": fault.column, "reason": fault.reason, "words": fault.words}
            for fault in done.faults
        ],
    }


def print_result(done: Imported, options: Options, money: Money) -> None:
    for fault in done.faults:
        typer.echo(fault, err=True)
    bad = len({fault.line for fault in done.faults})
    if bad and options.skip_bad is None and not options.dry_run:
        line = f"nothing was imported: {bad:,} bad lines; correct them, or --skip-bad FILE"
        typer.echo(f"mailorder: {line}", err=True)
        return
    counts = f"{done.orders:,} orders, {done.units:,} units, {money(done.cents)}; {done.known:,} were there before"
    if done.created:
        counts += f"; {done.created:,} products made"
    if options.dry_run:
        typer.echo(f"dry run, nothing is written: {counts}; {bad:,} bad lines")
    elif bad:
        left = f"{done.left_out:,} orders with {done.skipped:,} lines are left out and written to {options.skip_bad}"
        typer.echo(f"{counts}; {left}")
    else:
        typer.echo(counts)


def export_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to: .csv or .xlsx.")],
) -> None:
    """Write all orders, a row a line, the one placed last first; customers by hash, never by address."""
    with open_books(config_of(context)).reading() as connection:
        count = write_table(file, HEADER, (row for order in everything(connection) for row in rows(order)))
    print(f"{count} order lines written to {file}", file=sys.stderr)


def everything(connection: Connection) -> Iterator[Order]:
    page = orders.listing(connection, limit=PAGE)
    while page:
        yield from page
        page = orders.listing(connection, limit=PAGE, before=page[-1].number)


def rows(order: Order) -> Iterator[list[Cell]]:
    for line in order.lines:
        yield [
            order.number,
            order.placed_at,
            order.hashed_email,
            line.product_id,
            line.name,
            line.quantity,
            units(line.unit_price),
            None if line.unit_cost is None else units(line.unit_cost),
            order.state.value,
            order.closed_at,
        ]
