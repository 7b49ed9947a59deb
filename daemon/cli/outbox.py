"""mailorder outbox: what is to be mailed, and what came of it."""

from typing import Annotated, Any

import typer

from daemon.cli.shared import AsJson, Limit, config_of, fail, print_fields, print_rows
from daemon.service.house import open_books, utc_now
from store import outbox
from store.facts import MailState, QueuedMail

app = typer.Typer(help="What is to be mailed, and what came of it.", no_args_is_help=True)


def mail_number(told: str) -> int:
    if not told.isdecimal() or not told.isascii() or len(told) > LONGEST_NUMBER:
        raise typer.BadParameter("is not the number of a mail; see `mailorder outbox list`")
    return int(told)


LONGEST_NUMBER = 18
"""As many digits as a column of the books holds for certain."""
MailId = Annotated[
    int, typer.Argument(parser=mail_number, metavar="ID", help="A mail as `outbox list` numbers it, for example 17.")
]
MailIds = Annotated[
    list[int], typer.Argument(parser=mail_number, metavar="ID", help="Dead mails, as `outbox list` numbers them.")
]


@app.command("list")
def list_mails(
    context: typer.Context,
    state: Annotated[MailState | None, typer.Option(help="Only mails in this state.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The latest mails, newest first."""
    with open_books(config_of(context)).reading() as connection:
        found = outbox.listing(connection, state, limit)
    columns = ("id", "created_at", "kind", "state", "attempts", "due_at", "order_number", "last_reply")
    print_rows([row(queued) for queued in found], columns, as_json, "No mails yet.")


@app.command()
def show(context: typer.Context, mail_id: MailId, as_json: AsJson = False) -> None:
    """One mail: whom it is for (by hash), what it tells, and what the relay said."""
    with open_books(config_of(context)).reading() as connection:
        queued = outbox.find(connection, mail_id)
    if queued is None:
        raise fail(f"there is no mail {mail_id}; see `mailorder outbox list`")
    print_fields({**row(queued), "facts": queued.mail.facts}, as_json)


@app.command()
def retry(context: typer.Context, mail_id: MailId) -> None:
    """Queue a mail again that was buried or expired."""
    with open_books(config_of(context)).transaction() as connection:
        if not outbox.retry(connection, mail_id, utc_now()):
            raise fail(f"there is no dead or expired mail {mail_id}; an offer is never queued again")
    typer.echo(f"{mail_id}: queued again")


@app.command()
def drop(context: typer.Context, mail_ids: MailIds) -> None:
    """Give up dead mails for good, so that `status` is well again; each stays listed, as suppressed, with its story."""
    with open_books(config_of(context)).transaction() as connection:
        left = set(mail_ids) - outbox.drop(connection, mail_ids)
        if left:
            raise fail(f"there is no dead mail {min(left)}, so nothing is dropped; see `mailorder outbox list`")
    for mail_id in mail_ids:
        typer.echo(f"{mail_id}: dropped; it is kept as suppressed and never sent")


def row(queued: QueuedMail) -> dict[str, Any]:
    mail = queued.mail
    return {
        "id": queued.id,
        "created_at": queued.created_at,
        "kind": mail.kind,
        "state": queued.state.value,
        "attempts": queued.attempts,
        "due_at": mail.due_at,
        "settled_at": queued.settled_at,
        "order_number": mail.order_number,
        "letter_id": mail.letter_id,
        "hashed_email": mail.hashed_email,
        "role": mail.role.value if mail.role else None,
        "message_id": mail.token,
        "last_reply": queued.last_reply,
    }
