"""The command and its shape: options that all share, and one line for whatever went wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from daemon.cli import (
    customer,
    demo,
    desk,
    evaluate,
    letters,
    offers,
    orders,
    outbox,
    products,
    reading,
    report,
    rules,
    simulate,
)
from daemon.cli.shared import Context
from daemon.config import ConfigError
from daemon.importing.faults import TableError
from daemon.inbox.errors import MailboxError
from daemon.post.shapes import RelayError
from store.database import DatabaseError
from store.vault import VaultError

app = typer.Typer(
    name="mailorder",
    help="The order desk of a mail-order business whose counter is a mailbox.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", help="The configuration file.", envvar="MAILORDER_CONFIG", show_default="config.toml"
        ),
    ] = None,
) -> None:
    context.obj = Context(config)


desk.add_to(app)
reading.add_to(app)
demo.add_to(app)
simulate.add_to(app)
evaluate.add_to(app)
rules.add_to(app)
app.add_typer(letters.app, name="letters")
app.add_typer(offers.app, name="offers")
app.add_typer(orders.app, name="orders")
app.add_typer(outbox.app, name="outbox")
app.add_typer(products.app, name="products")
app.add_typer(rules.app, name="rules")
app.add_typer(customer.app, name="customer")
app.add_typer(report.app, name="report")


def config_first(arguments: Sequence[str]) -> list[str]:
    """`--config` counts wherever it stands: people write it behind the command, too."""
    words = list(arguments)
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == "--config" or word.startswith("--config="):
            after = place + (1 if "=" in word else 2)
            return [*words[place:after], *words[:place], *words[after:]]
    return words


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command, by default the process's own; the operator's mistakes end in one line and exit code 2."""
    try:
        app(config_first(sys.argv[1:] if arguments is None else arguments))
    except (ConfigError, DatabaseError, VaultError, MailboxError, RelayError, TableError) as error:
        print(f"mailorder: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"mailorder: {where}{error.strerror or type(error).__name__}", file=sys.stderr)
        sys.exit(2)
