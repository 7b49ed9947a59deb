"""The intake station: one thread a mailbox that fetches, hands over, and sorts what was handled."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

import structlog

from daemon.handle import Handled
from daemon.handle.reopening import reopened_in, search_no_more
from daemon.handle.write import alert
from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Arrived, Mailbox
from daemon.inbox.reconnect import pause
from daemon.letter import digest_of
from daemon.service.house import House
from daemon.service.station import last_words
from store import letters, outbox
from store.database import DatabaseError
from store.facts import LetterRecord, Outcome

log = structlog.get_logger()

Hand = Callable[[Sequence[Arrived]], "Future[list[Handled]]"]
UNREACHABLE_AFTER = timedelta(minutes=10)


def look(house: House, mailbox: Mailbox, hand: Hand, stop: threading.Event) -> int:
    """Take in what waits in the inbox; the number of letters handled, not counting those that had been before.

    When there were any there may be more, beyond what one look takes: call again. A batch is fetched while the
    desk handles the one before, and sorted while it handles the next: two in memory, whatever waits outside.
    """
    missing = bring_back(house, mailbox)
    size = house.config.mailbox[mailbox.name].batch
    handled, pending = 0, None
    waiting = mailbox.waiting()
    for uids in batches(waiting, size):
        if stop.is_set():
            break
        arrived = mailbox.fetch(uids)
        before, pending = pending, hand(arrived) if arrived else None
        handled += sort(mailbox, before)
    handled += sort(mailbox, pending)
    with house.shop.transaction() as connection:
        # Also where nothing waited: what arrives from now on is no letter from before us.
        letters.first_contact(connection, mailbox.name, house.clock())
        letters.looked(connection, mailbox.name, mailbox.uidvalidity, house.clock())
        # One that was brought back before may wait in the inbox still, so that is empty before a search is given up.
        if missing and not waiting:
            search_no_more(connection, missing, house.clock())
    return handled


def batches(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (uids[start : start + size] for start in range(0, len(uids), size))


def sort(mailbox: Mailbox, pending: "Future[list[Handled]] | None") -> int:
    """Wait for the commit, and only then move the letters to their folders."""
    if pending is None:
        return 0
    by_outcome: dict[Outcome, list[int]] = defaultdict(list)
    handled = pending.result()
    for one in handled:
        by_outcome[one.outcome].append(one.arrived.uid)
    mailbox.move(by_outcome)
    return sum(not one.known for one in handled)


def bring_back(house: House, mailbox: Mailbox) -> list[LetterRecord]:
    """Letters that the operator sent round again go back to the inbox; those that are not in their folders."""
    with house.shop.reading() as connection:
        wanted = reopened_in(connection, mailbox.name)
    digest = partial(digest_of, limits=house.desk.limits())
    missing: list[LetterRecord] = []
    for outcome, records in wanted.items():
        found = mailbox.bring_back(outcome, digest, {record.digest for record in records})
        missing += [record for record in records if record.digest not in found]
    return missing


class Intake(threading.Thread):
    """Looks at one mailbox for as long as the shop is open; a broken connection is part of its day."""

    def __init__(self, house: House, name: str, hand: Hand, stop: threading.Event) -> None:
        super().__init__(name=f"intake-{name}", daemon=True)
        self.house, self.mailbox_name, self.hand, self.stop = house, name, hand, stop
        self.failing_since: datetime | None = None
        self.failures = 0

    def run(self) -> None:
        with last_words(self.name):
            while not self.stop.is_set():
                self.visit(self.house.mailbox(self.mailbox_name))

    def visit(self, mailbox: Mailbox) -> None:
        """Attend for as long as the connection holds."""
        try:
            mailbox.connect()
            self.attend(mailbox)
        except (MailboxError, DatabaseError) as error:
            self.failed(str(error))
        except Exception as error:
            log.exception("intake_broke", mailbox=self.mailbox_name)
            self.failed(type(error).__name__)
        finally:
            mailbox.close()

    def attend(self, mailbox: Mailbox) -> None:
        """Look for as long as there is something, then wait for news, until told to stop."""
        while not self.stop.is_set():
            handled = look(self.house, mailbox, self.hand, self.stop)
            if self.failing_since is not None or handled:
                log.info("looked", mailbox=self.mailbox_name, handled=handled)
            self.failing_since, self.failures = None, 0
            if not handled:
                mailbox.wait(self.house.config.mailbox[self.mailbox_name].poll_seconds, self.stop)

    def failed(self, error: str) -> None:
        now = self.house.clock()
        self.failing_since = self.failing_since or now
        seconds = pause(self.failures, random.random())  # noqa: S311 - jitter, not a secret
        self.failures += 1
        log.warning("mailbox_failed", mailbox=self.mailbox_name, error=error, again_in=round(seconds))
        if now - self.failing_since >= UNREACHABLE_AFTER:
            self.tell_operator(now)
        self.stop.wait(seconds)

    def tell_operator(self, now: datetime) -> None:
        """By the outbox, which does not depend on the mailbox that failed; once a day."""
        facts = {
            "what": "mailbox_unreachable",
            "reference": self.mailbox_name,
            "reason": "no_look_for_ten_minutes",
            "when": now.isoformat(),
            "command": "mailorder check --connect",
        }
        try:
            with self.house.shop.transaction() as connection:
                about = f"mailbox:{self.mailbox_name}:{now.date().isoformat()}"
                outbox.enqueue(connection, [alert(about, facts, None, now)], now)
        except DatabaseError as error:
            log.error("operator_not_told", mailbox=self.mailbox_name, error=str(error))
