"""mailorder run, once, status, check: keeping the shop open."""

import threading
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from daemon.cli.shared import AsJson, config_of, fail, plain, print_json
from daemon.dispatch import Sent
from daemon.handle import Handled
from daemon.logs import set_up
from daemon.service.accounts import able_to_open
from daemon.service.check_line import Check, State
from daemon.service.checking import check_all
from daemon.service.health import Health, examine
from daemon.service.house import Watcher, open_books, open_house, utc_now
from daemon.service.once import once as do_once
from daemon.service.run import run as run_house
from daemon.service.run import stop_on_signals
from daemon.service.station import StationError
from store.facts import MailState, Outcome

log = structlog.get_logger()


def add_to(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(once)
    app.command()(status)
    app.command()(check)


def run(context: typer.Context) -> None:
    """Keep the shop open: look at every mailbox, answer, send. SIGTERM or Ctrl-C ends it after the batch in hand."""
    config = able_to_open(config_of(context))
    set_up(config.log)
    stop = threading.Event()
    stop_on_signals(stop)
    with open_house(config) as house:
        log.info("open", mailboxes=sorted(config.mailbox))
        try:
            run_house(house, stop, log_watcher(), apart=True)
        except StationError as error:
            raise fail(str(error)) from None
    log.info("closed")


def once(context: typer.Context, as_json: AsJson = False) -> None:
    """Do everything that is due, once, and exit; 1 when a mail could not be sent or a mailbox not be read."""
    config = able_to_open(config_of(context))
    set_up(config.log)
    with open_house(config) as house:
        done = do_once(house, log_watcher())
    if as_json:
        print_json({"handled": done.handled, "sent": done.sent, "unsent": done.unsent, "failed": list(done.failed)})
    else:
        typer.echo(f"{done.handled} letters handled, {done.sent} mails sent, {done.unsent} not sent")
        for line in done.failed:
            typer.echo(f"mailorder: {line}", err=True)
    if done.unsent or done.failed:
        raise typer.Exit(1)


def log_watcher() -> Watcher:
    def handled(one: Handled) -> None:
        name = one.case.letter_id if one.case else f"uid {one.arrived.uid}"
        log.info("letter", letter=name, outcome=one.outcome.value, reason=one.reason)

    def sent(one: Sent) -> None:
        told = {"outbox": one.queued.id, "kind": one.queued.mail.kind, "state": one.settlement.state.value}
        if one.settlement.state is MailState.SENT:
            log.info("mail", **told)
        else:
            log.warning("mail", **told, reply=one.settlement.reply)

    return Watcher(handled, sent)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """When mail was last looked at and sent, what waits, what is stuck; exit code 1 when something is."""
    config = config_of(context)
    health = examine(open_books(config), config, utc_now())
    if as_json:
        print_json(as_dict(health))
    else:
        print_health(health)
    if health.problems:
        raise typer.Exit(1)


def as_dict(health: Health) -> dict[str, Any]:
    return {
        "ok": not health.problems,
        "at": health.at,
        "problems": list(health.problems),
        "mailboxes": [{"name": box.name, "looked_at": box.looked_at} for box in health.mailboxes],
        "outbox": {
            "waiting": health.outbox.waiting,
            "sending": health.outbox.sending,
            "dead": health.outbox.dead,
            "oldest_due": health.outbox.oldest_due,
            "last_sent_at": health.outbox.last_sent_at,
        },
        "letters": {outcome.value: count for outcome, count in health.letters.items()},
        "held_waiting": health.held_waiting,
    }


def print_health(health: Health) -> None:
    for box in health.mailboxes:
        typer.echo(f"mailbox {box.name}: last looked at {plain(box.looked_at)}")
    waiting = health.outbox
    typer.echo(f"outbox: {waiting.waiting} waiting, {waiting.sending} being sent, {waiting.dead} dead")
    typer.echo(f"last mail sent: {plain(waiting.last_sent_at)}")
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in health.letters.items())
    waiting_held = f" ({health.held_waiting} of the held wait)" if Outcome.HELD in health.letters else ""
    typer.echo(f"letters: {told or 'none yet'}{waiting_held}")
    for problem in health.problems:
        typer.echo(f"! {problem}")
    if not health.problems:
        typer.echo("all is well")


def check(
    context: typer.Context,
    connect: Annotated[
        bool, typer.Option("--connect", help="Also log in to the mail servers (nothing is sent).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that the shop can open: configuration, keys, templates, books, servers, clock. Exit 1 on any red line."""
    shared: Any = context.obj
    results: list[Check] = []
    for result in check_all(shared.config, Path.cwd(), connect):
        results.append(result)
        if not as_json:
            print_check(result)
    if as_json:
        print_json([check_as_dict(result) for result in results])
    if not all(result.ok for result in results):
        raise typer.Exit(1)


def print_check(one: Check) -> None:
    typer.echo(f"{one.state.value:3}  {one.name}: {one.found}")
    if one.advice:
        typer.echo(f"     {one.advice}")


def check_as_dict(one: Check) -> dict[str, Any]:
    """`ok` is null where nothing was looked at, because of another line that is red."""
    ok = None if one.state is State.SKIPPED else one.ok
    return {"name": one.name, "ok": ok, "found": one.found, "advice": one.advice}
