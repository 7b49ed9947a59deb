"""mailorder letters: what arrived, what became of it and why."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from daemon.cli.shared import AsJson, Limit, config_of, fail, print_fields, print_rows
from daemon.decide.proving import VALID
from daemon.handle.staff import NotDoneError, send_round_again
from daemon.service.house import open_books, open_house, utc_now
from store import letters, orders, outbox
from store.facts import LetterRecord, Outcome, QueuedMail

app = typer.Typer(help="What arrived, what became of it and why.", no_args_is_help=True)

LetterId = Annotated[str, typer.Argument(help="A letter as `letters list` names it, for example L3f09c2a71be4d05.")]
LetterIds = Annotated[
    list[str], typer.Argument(metavar="ID", help="Letters that were set aside, as `letters list` names them.")
]


@app.command("list")
def list_letters(
    context: typer.Context,
    outcome: Annotated[Outcome | None, typer.Option(help="Only letters with this outcome.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The latest letters, newest first; of the held ones, asked for by outcome, those that still wait."""
    shop = open_books(config_of(context))
    with shop.reading() as connection:
        if outcome is Outcome.HELD:
            found = letters.waiting(connection, utc_now() - VALID, limit)
        else:
            found = letters.listing(connection, outcome, limit)
    columns = ("letter_id", "arrived_at", "mailbox", "kind", "outcome", "reason", "order_number")
    print_rows(
        [row(record) for record in found], columns, as_json, "No such letters." if outcome else "No letters yet."
    )


@app.command()
def show(context: typer.Context, letter_id: LetterId, as_json: AsJson = False) -> None:
    """Everything that is kept of one letter: its outcome, each reason with its line, the mails that answered it, how
    its order stands, and where the code broke if it did.
    """
    shop = open_books(config_of(context))
    with shop.reading() as connection:
        record = letters.find(connection, letter_id)
        if record is None:
            raise fail(f"there is no letter {letter_id}; see `mailorder letters list`")
        answers = outbox.of_letter(connection, record)
        order = orders.by_numbers(connection, [record.order_number or ""]).get(record.order_number or "")
    found = {**row(record), "order_state": order.state.value if order else None}
    if as_json:
        print_fields({**found, "faults": faults_of(answers), "answers": [in_short(one) for one in answers]}, as_json)
    else:
        print_fields({**found, **told(answers)}, as_json)


def faults_of(answers: Sequence[QueuedMail]) -> list[dict[str, Any]]:
    """What was wrong, by line; None is the letter as a whole."""
    found = [fault for one in answers for fault in one.mail.facts.get("faults_at", ())]
    return [{"line": line, "reason": reason} for line, reason in found]


def in_short(answer: QueuedMail) -> dict[str, Any]:
    return {"id": answer.id, "kind": answer.mail.kind, "state": answer.state.value}


def told(answers: Sequence[QueuedMail]) -> dict[str, str]:
    """For people; what stands behind the numbers, `mailorder outbox show` tells."""
    lines = [f"{one['reason']} (line {one['line'] or '-'})" for one in faults_of(answers)]
    mails = [f"{one.id} {one.mail.kind} ({one.state.value})" for one in answers]
    return {"faults": ", ".join(lines), "answers": ", ".join(mails)}


@app.command()
def retry(context: typer.Context, letter_id: LetterId) -> None:
    """Handle a letter again that was set aside (outcome failed), as if it arrived when it did."""
    again(context, letter_id, Outcome.FAILED)


@app.command()
def release(context: typer.Context, letter_id: LetterId) -> None:
    """Handle a letter that was held: you vouch for it."""
    again(context, letter_id, Outcome.HELD)


@app.command()
def drop(context: typer.Context, letter_ids: LetterIds) -> None:
    """Give up letters that were set aside, so that `status` is well again; each stays listed, as ignored, with its
    story, and in the folder where it lies.
    """
    with open_books(config_of(context)).transaction() as connection:
        left = set(letter_ids) - letters.drop(connection, letter_ids)
        if left:
            raise fail(f"there is no letter {min(left)} set aside, so nothing is dropped; see `mailorder letters list`")
    for letter_id in letter_ids:
        typer.echo(f"{letter_id}: dropped; it is kept as ignored and never handled")


def again(context: typer.Context, letter_id: str, outcome: Outcome) -> None:
    with open_house(config_of(context)) as house:
        try:
            done = send_round_again(house.desk, letter_id, outcome, house.clock())
        except NotDoneError as error:
            raise fail(str(error)) from None
    typer.echo(f"{letter_id}: {done}")


def row(record: LetterRecord) -> dict[str, Any]:
    return {
        "letter_id": record.letter_id,
        "arrived_at": record.arrived_at,
        "handled_at": record.handled_at,
        "mailbox": record.mailbox,
        "uidvalidity": record.uidvalidity,
        "uid": record.uid,
        "kind": record.kind,
        "outcome": record.outcome.value,
        "reason": record.reason,
        "verdict": record.verdict,
        "order_number": record.order_number,
        "hashed_email": record.hashed_email,
        "reopened": record.reopened,
        "trace": record.trace,
    }
