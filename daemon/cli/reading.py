"""mailorder read and preview: how letters are understood and how mails look; nothing is changed."""

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.shared import AsJson, Context, fail, print_json
from daemon.reading import as_text, csv_catalogue, read_letters
from daemon.reports.preview import REPORTS, report_specimens
from daemon.service.house import utc_now
from daemon.wording import KINDS, Wording, write_specimens

EVERY_KIND = (*KINDS, *REPORTS)


def add_to(app: typer.Typer) -> None:
    app.command()(read)
    app.command()(preview)


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Letters as .eml files.", exists=True, dir_okay=False)],
    catalogue: Annotated[
        Path | None,
        typer.Option(help="Products as CSV or XLSX; without it any plausible product id is believed.", exists=True),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print how each letter would be understood, and change nothing."""
    shared: Context = context.obj
    config = shared.config_or_defaults()
    products = csv_catalogue(catalogue, config.shop.currency) if catalogue else None
    for told in read_letters(files, products, config):
        if as_json:
            print_json(told)
        else:
            typer.echo(as_text(told))


def preview(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help=f"One of: all, {', '.join(EVERY_KIND)}.")],
    out: Annotated[Path, typer.Option(help="Where to write the .eml, .txt and .html files.")] = Path("preview"),
) -> None:
    """Write specimens of a kind of mail, to look at in a mail program or a browser."""
    if kind != "all" and kind not in EVERY_KIND:
        raise fail(f"there is no kind {kind!r}; there are: all, {', '.join(EVERY_KIND)}")
    shared: Context = context.obj
    shop = shared.config_or_defaults().shop
    out.mkdir(parents=True, exist_ok=True)
    wording = Wording(shop)
    for each in EVERY_KIND if kind == "all" else [kind]:
        others = report_specimens(shop) if each in REPORTS else ()
        for file in write_specimens(each, wording, out, utc_now(), others):
            typer.echo(file)
