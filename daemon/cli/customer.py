"""mailorder customer: what is held of one person, given out or erased."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.cli.customer_files import write_files
from daemon.cli.shared import AsJson, config_of, fail, plain, print_json, read_aside
from daemon.handle.customer import Held, allow_mail, erase, held_of
from daemon.handle.own_data import as_files, everything
from daemon.letter.addresses import plausible
from daemon.service.house import open_existing, utc_now

app = typer.Typer(help="What is held of one person. These commands need the vault and its key.", no_args_is_help=True)

Email = Annotated[
    str,
    typer.Argument(
        metavar="EMAIL",
        help="The mail address; or - to read it from standard input, because others on this machine can see arguments.",
    ),
]


@app.command()
def show(context: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """How much is held of a person, and since when; nothing of what it says."""
    with open_existing(config_of(context)) as desk:
        held = something(held_of(desk, address_of(email)))
    told = summary(held)
    if as_json:
        print_json(told)
        return
    for name in ("orders", "letters", "mails"):
        typer.echo(f"{name.ljust(20)}{in_words(told[name])}")
    typer.echo(f"{'shipping addresses'.ljust(20)}{told['shipping_addresses']}")
    typer.echo(f"{'waiting words'.ljust(20)}{told['enclosures']}")
    typer.echo(f"{'mail address'.ljust(20)}{'in the vault' if told['in_vault'] else 'not in the vault'}")
    for one in told["consent"]:
        allowed = "allowed" if one["allowed"] else "stopped"
        typer.echo(f"{'mail, ' + one['subject']:<20}{allowed} ({one['reason']}, {plain(one['at'])})")


@app.command()
def export(
    context: typer.Context,
    email: Email,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write JSON and CSV files into this new folder instead.")
    ] = None,
) -> None:
    """Everything that is held of a person, as JSON. It names them: mind where it goes."""
    with open_existing(config_of(context)) as desk:
        held = something(held_of(desk, address_of(email)))
    if out is None:
        print_json(everything(held))
        return
    try:
        written = write_files(as_files(held), out)
    except OSError as error:
        raise fail(f"{out}: cannot be written ({error.strerror}); name a new folder") from None
    for path in written:
        typer.echo(path)


@app.command("erase")
def erase_person(
    context: typer.Context,
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person's addresses and words from the vault and stop all mail to them. Orders and sums stay, nameless."""
    with open_existing(config_of(context)) as desk:
        held = something(held_of(desk, address_of(email)))
        if not yes:
            warn(held)
            typer.confirm("Erase this person? It cannot be undone.", abort=True)
        stopped = erase(desk, held.hashed_email, utc_now())
    typer.echo(f"erased; {stopped} waiting mails stopped, {len(held.orders)} orders stay without name and address")


@app.command()
def allow(context: typer.Context, email: Email) -> None:
    """Mail this person again, whose address had bounced for good or who was erased and has written since."""
    with open_existing(config_of(context)) as desk:
        if not allow_mail(desk, desk.vault.hashed(address_of(email)), utc_now()):
            raise fail("mail to this person was not stopped")
    typer.echo("mail goes to this person again")


def address_of(email: str) -> str:
    address = plausible(read_aside(email).strip())
    if address is None:
        raise fail("this is no mail address")
    return address


def something(held: Held) -> Held:
    if not held:
        raise fail("nothing is held of this person")
    return held


def warn(held: Held) -> None:
    typer.echo(f"{len(held.addresses)} shipping addresses and {held.waiting} waiting mails will be gone.")
    if held.undelivered:
        numbers = ", ".join(order.number for order in held.undelivered)
        typer.echo(f"Not fulfilled yet, and without an address they cannot be: {numbers}")


def summary(held: Held) -> dict[str, Any]:
    return {
        "hashed_email": held.hashed_email,
        "in_vault": held.email is not None,
        "shipping_addresses": len(held.addresses),
        "enclosures": len(held.enclosures),
        "orders": counted([one.state.value for one in held.orders], [one.placed_at for one in held.orders]),
        "letters": counted([one.outcome.value for one in held.letters], [one.arrived_at for one in held.letters]),
        "mails": counted([one.state.value for one in held.mails], [one.created_at for one in held.mails]),
        "consent": [asdict(one) for one in held.consent],
    }


def counted(states: Sequence[str], times: Sequence[datetime]) -> dict[str, Any]:
    return {
        "count": len(states),
        "by_state": dict(Counter(states)),
        "first": min(times, default=None),
        "last": max(times, default=None),
    }


def in_words(told: dict[str, Any]) -> str:
    if not told["count"]:
        return "none"
    states = ", ".join(f"{count} {state}" for state, count in told["by_state"].items())
    return f"{told['count']} ({states}), {told['first']:%Y-%m-%d} to {told['last']:%Y-%m-%d}"
