"""Whether the shop is well: when mail was last looked at and sent, what waits, what is stuck."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.decide.proving import VALID
from daemon.reports.due import MOST_AT_ONCE, Outstanding, outstanding
from store import letters, outbox, periods, rules
from store.database import Database
from store.facts import MailboxRecord, Mining, MiningState, OutboxHealth, Outcome
from store.periods import Kind

LATE = timedelta(minutes=15)
"""A mail that has been due for longer is stuck: lease, first retries and a restart fit within."""
ANEW = "take it out of config.toml for a minute, and it begins anew"


@dataclass(frozen=True, slots=True)
class Health:
    """A snapshot; `problems` is empty when all is well. `held_waiting` are the held letters that still wait."""

    at: datetime
    mailboxes: tuple[MailboxRecord, ...]
    outbox: OutboxHealth
    letters: dict[Outcome, int]
    held_waiting: int
    problems: tuple[str, ...]


def examine(shop: Database, config: Config, now: datetime) -> Health:
    with shop.reading() as connection:
        mailboxes = tuple(letters.mailboxes(connection))
        waiting = outbox.health(connection, now)
        counts = letters.counts(connection)
        held = letters.count_waiting(connection, now - VALID)
        reports = outstanding(connection, config, now)
        begun = periods.starts(connection)
        ahead = {kind: periods.made(connection, kind, now) for kind in begun}
        mining = rules.latest(connection)
    found = (
        *silent_mailboxes(mailboxes, config, now),
        *stuck_mail(waiting, now),
        *failed_letters(counts),
        *late_reports(reports, now),
        *reports_ahead(ahead),
        *begun_ahead(begun, now),
        *failed_mining(mining),
    )
    return Health(now, mailboxes, waiting, counts, held, found)


def silent_mailboxes(mailboxes: tuple[MailboxRecord, ...], config: Config, now: datetime) -> list[str]:
    seen = {mailbox.name: mailbox.looked_at for mailbox in mailboxes}
    problems = []
    for name, settings in config.mailbox.items():
        looked_at = seen.get(name)
        if looked_at is None:
            problems.append(f"mailbox {name}: never looked at; is the daemon running? (mailorder run)")
        elif now - looked_at > timedelta(seconds=3 * settings.poll_seconds) + timedelta(minutes=5):
            problems.append(f"mailbox {name}: not looked at since {looked_at:%Y-%m-%d %H:%M} UTC; see the log")
    return problems


def stuck_mail(waiting: OutboxHealth, now: datetime) -> list[str]:
    problems = []
    if waiting.oldest_due is not None and now - waiting.oldest_due > LATE:
        problems.append(f"outbox: mail due since {waiting.oldest_due:%Y-%m-%d %H:%M} UTC is not sent; see the log")
    if waiting.dead:
        problems.append(f"outbox: {waiting.dead} dead; mailorder outbox list --state dead, then retry or drop each")
    return problems


def failed_letters(counts: dict[Outcome, int]) -> list[str]:
    failed = counts.get(Outcome.FAILED, 0)
    listed = "mailorder letters list --outcome failed"
    return [f"letters: {failed} set aside; {listed}, then retry or drop each"] if failed else []


def late_reports(waiting: list[Outstanding], now: datetime) -> list[str]:
    """Only those that nothing explains any more: a report is made within a minute of its time."""
    return [overdue(kind) for kind in waiting if kind.due and kind.due[0].late(now)]


def overdue(waiting: Outstanding) -> str:
    (report, span), first = waiting.kind, waiting.due[0]
    since = f"due since {first.due_at:%Y-%m-%d %H:%M} UTC"
    if not waiting.held_back:
        return f"reports: {report} of {first.period.name} is {since}; see the log"
    return (
        f"reports: more than {MOST_AT_ONCE} {span}s of {report} are {since}, so none is made: is the clock right? "
        f"If it is, {ANEW}"
    )


def reports_ahead(ahead: Mapping[Kind, Collection[str]]) -> list[str]:
    """What was made by a clock that was ahead: these periods have their report, and it told of days to come."""
    return [
        f"reports: {len(keys)} of {report} ({min(keys)} to {max(keys)}) were made though these {span}s are not over: "
        "the clock was or is wrong. They come again by hand only: mailorder report makes them, --send mails them"
        for (report, span), keys in sorted(ahead.items())
        if keys
    ]


def begun_ahead(starts: Mapping[Kind, datetime], now: datetime) -> list[str]:
    return [
        f"reports: {report} of {span}s begins only {since:%Y-%m-%d %H:%M} UTC: the clock was wrong then; {ANEW}"
        for (report, span), since in sorted(starts.items())
        if since > now
    ]


def failed_mining(latest: Sequence[Mining]) -> list[str]:
    """Rules that grow old still serve, but somebody should know."""
    return [
        f"rules: the mining of {one.started_at:%Y-%m-%d %H:%M} UTC failed ({one.reason}); try `mailorder mine`"
        for one in latest
        if one.state is MiningState.FAILED
    ]
