"""mailorder products import and export: whole tables of products, from and to spreadsheets."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.cli.progress import progress
from daemon.cli.shared import AsJson, By, config_of, named, print_json
from daemon.importing.export import Cell, units, write_table
from daemon.importing.products import COLUMNS
from daemon.importing.shelves import Imported, Options, import_products
from daemon.service.house import open_books, utc_now
from store import catalogue
from store.facts import Product


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_file)
    app.command("export")(export_file)


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV (also gzipped) or XLSX; product_id and any of the other columns.")],
    skip_bad: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Import the rest, and write bad lines there (.csv, .xlsx).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    counted: Annotated[
        bool, typer.Option("--counted", help="Known products too have the quantity of the file: book the difference.")
    ] = False,
    by: By = "staff",
    as_json: AsJson = False,
) -> None:
    """Bring products into the books, all or nothing; exit 1 when a bad line kept the file out.

    A new product comes with its quantity. Of a known one the quantity stays as it is, unless --counted: customers have
    ordered since. Empty cells and missing columns change nothing; the same file again changes nothing.
    """
    config = config_of(context)
    options = Options(named(by), config.shop.currency, counted, skip_bad, dry_run)
    with progress("products") as tell:
        done = import_products(file, open_books(config), options, utc_now(), tell)
    if as_json:
        print_json(in_json(done))
    else:
        print_result(done, options)
    if done.faults and not done.written and not dry_run:
        raise typer.Exit(1)


def in_json(done: Imported) -> dict[str, Any]:
    plan = done.plan
    return {
        "written": done.written,
        "added": len(plan.new),
        "changed": len(plan.changed),
        "corrected": len(plan.moved),
        "same": plan.same,
        "stock_left": plan.left,
        "unused_columns": list(done.told.unused),
        "bad": [
            {"line": fault.line, "column": fault.column, "reason": fault.reason, "words": fault.words}
            for fault in done.faults
        ],
    }


def print_result(done: Imported, options: Options) -> None:
    plan, told = done.plan, done.told
    for fault in done.faults:
        typer.echo(fault, err=True)
    if told.unused:
        typer.echo(f"columns that mean nothing here: {', '.join(told.unused)}")
    if told.charset == "cp1252":
        typer.echo("not in UTF-8: read as Windows-1252; look at a name with an accent in it")
    counts = f"{len(plan.new)} added, {len(plan.changed)} changed, {plan.same} as they were"
    if options.counted:
        counts += f", {len(plan.moved)} corrected to what was counted"
    elif plan.left:
        typer.echo(
            f"{plan.left} of the known products have another quantity on hand; it stays as it is without --counted"
        )
    bad = len({fault.line for fault in done.faults})
    if done.written:
        typer.echo(counts + (f"; {bad} bad lines are in {options.skip_bad}" if bad else ""))
    elif options.dry_run:
        typer.echo(f"dry run, nothing is written: {counts}, {bad} bad lines")
    else:
        typer.echo(f"mailorder: nothing was imported: {bad} bad lines; correct them, or --skip-bad FILE", err=True)


def export_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to: .csv or .xlsx.")],
) -> None:
    """Write all products to a table that a spreadsheet can open and `products import` can read."""
    with open_books(config_of(context)).reading() as connection:
        count = write_table(file, list(COLUMNS), rows(catalogue.everything(connection)))
    print(f"{count} products written to {file}", file=sys.stderr)


def rows(products: Iterator[Product]) -> Iterator[list[Cell]]:
    for one in products:
        cost = None if one.cost is None else units(one.cost)
        yield [
            one.product_id,
            one.name,
            one.category,
            one.on_hand,
            cost,
            units(one.price),
            one.supplier_id,
            one.active,
        ]
