"""Everything that is due, done once: every mailbox looked at, reports made, the outbox emptied of what is due."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from daemon.handle import Handled, handle
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Arrived
from daemon.post.smtp import Relay
from daemon.reports.making import UnmadeError
from daemon.service.house import House, Watcher
from daemon.service.intake import Hand, look
from daemon.service.miner import Miner
from daemon.service.reporter import report_once
from daemon.service.wishing import look_for_wishes
from store.database import DatabaseError
from store.facts import MailState


@dataclass(frozen=True, slots=True)
class Done:
    """What one round did: letters handled, mails accepted by the relay or not, mailboxes that could not be read."""

    handled: int
    sent: int
    unsent: int
    failed: tuple[str, ...] = ()


def once(house: House, watcher: Watcher) -> Done:
    """One mailbox that fails does not keep the others, or the outbox, from being done."""
    handled, failed = 0, []
    for name in house.config.mailbox:
        mailbox = house.mailbox(name)
        try:
            mailbox.connect()
            while taken := look(house, mailbox, at_once(house, watcher), threading.Event()):
                handled += taken
        except (MailboxError, DatabaseError) as error:
            failed.append(str(error))
        finally:
            mailbox.close()
    try:
        report_once(house)
    except (DatabaseError, UnmadeError) as error:
        failed.append(str(error))
    look_for_wishes(house)
    sent, unsent = asyncio.run(empty_outbox(house, Relay(house.config.smtp), watcher))
    # Last, because it takes its time, and no mail waits for it.
    Miner(house).once()
    return Done(handled, sent, unsent, tuple(failed))


def at_once(house: House, watcher: Watcher) -> Hand:
    """A desk without a queue: handles where it is called."""

    def hand(batch: Sequence[Arrived]) -> "Future[list[Handled]]":
        answer: Future[list[Handled]] = Future()
        answer.set_result(handle(house.desk, batch, house.clock()))
        for one in answer.result():
            watcher.handled(one)
        return answer

    return hand


async def empty_outbox(house: House, relay: Relay, watcher: Watcher) -> tuple[int, int]:
    """(accepted, not accepted) of the mails that were due.

    While the relay is away each is due again before all have been tried; what comes due again is for another round, so
    that this one ends. The offer that follows a confirmation is new, and goes out in this one.
    """
    begun_at = house.clock()
    dispatch = house.dispatch(relay)
    states: list[MailState] = []
    try:
        while tried := await dispatch.step(begun_at):
            for one in tried:
                watcher.sent(one)
                states.append(one.settlement.state)
    finally:
        await relay.close()
    sent = sum(state is MailState.SENT for state in states)
    return sent, len(states) - sent
