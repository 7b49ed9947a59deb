"""Claim a batch of the outbox under a lease; word, send and settle it a portion at a time."""

import math
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from daemon.config import Config
from daemon.dispatch.portions import OWN_DATA, portions
from daemon.dispatch.settling import is_dead_address, settle
from daemon.post.shapes import Envelope, Receipt, State, unsent
from daemon.post.smtp import Relay
from daemon.wording import UnmailableError, Wording
from daemon.wording.carried import NOTHING, Carried
from store import customers, outbox, sending
from store.database import BusyError, Connection, Database, DatabaseError, ForbiddenError
from store.facts import (
    ERASED_MAIL,
    OFFER,
    Brakes,
    Enclosure,
    Mail,
    MailState,
    QueuedMail,
    Role,
    Settlement,
    ShippingAddress,
)
from store.vault import Vault

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail that was tried: the row, whether it could be worded as far as that was tried, and what came of it.

    The message itself is not kept: a batch of letters passed on is too much to hold.
    """

    queued: QueuedMail
    worded: bool
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class Personal:
    """What the vault adds to a portion of mails."""

    emails: dict[str, str]
    addresses: dict[str, ShippingAddress]
    enclosures: dict[str, Enclosure]


TOO_LATE = "left for the next step: the lease is nearly over"

Tried = tuple[QueuedMail, Envelope | None, Receipt]


class Following(Protocol):
    """What goes out after other mail, and what may keep it from going."""

    def brakes(self, now: datetime) -> Brakes: ...

    def after_sent(self, connection: Connection, sent: Sequence[QueuedMail], now: datetime) -> Sequence[Mail]:
        """The mails that these, which were accepted just now, are followed by; told in the transaction that says so."""


class Reporting(Protocol):
    """What makes mails of reports: they go to staff, whose addresses stand in the configuration."""

    def begin(self) -> None:
        """A batch begins: what went wrong in the one before may be tried again."""

    def address(self, name: str) -> str | None: ...

    def carry(self, queued: QueuedMail, now: datetime, seconds: float) -> Carried:
        """What its mail shows and carries, leaving some of these seconds to send it; what it raises delays the mail."""


class Dispatch:
    """The station that empties the outbox; one at a time per process, any number of processes."""

    def __init__(
        self,
        shop: Database,
        vault: Vault,
        relay: Relay,
        wording: Wording,
        config: Config,
        clock: Callable[[], datetime],
        following: Following,
        reporting: Reporting,
        own_data: Callable[[str], Carried],
    ) -> None:
        """`own_data` makes the files of what is held of a person, known by hash."""
        self.shop, self.vault, self.relay, self.wording = shop, vault, relay, wording
        self.config, self.clock, self.following, self.reporting = config, clock, following, reporting
        self.own_data = own_data
        self.worker = secrets.token_hex(8)

    async def step(self, again_until: datetime | None = None) -> list[Sent]:
        """Send what is due, one batch; empty when nothing was. What was tried before only if it was due again by
        `again_until`, where that is given.
        """
        claimed = self.claim(again_until)
        self.reporting.begin()
        # What is not sent well within the lease is left: another worker may take it when the lease is over.
        until = time.monotonic() + 0.4 * self.config.outbox.lease_seconds
        sent: list[Sent] = []
        for portion in portions(claimed):
            sent += await self.send(portion, until)
        return sent

    async def send(self, portion: Sequence[QueuedMail], until: float) -> list[Sent]:
        """Word, send and settle; what cannot be sent before `until` (monotonic seconds) is tried again later.

        After that nothing is worded either: drawing takes long, and whoever the lease passes to would do it, too.
        """
        if time.monotonic() >= until:
            return self.written_down([(queued, None, unsent(TOO_LATE)) for queued in portion])
        personal = self.personal(portion)
        worded = [(queued, self.envelope(queued, personal, until)) for queued in portion]
        sendable = [(queued, made) for queued, made in worded if isinstance(made, Envelope)]
        seconds = max(0.0, until - time.monotonic())
        receipts = await self.relay.send([envelope for _, envelope in sendable], seconds)
        tried: list[Tried] = [
            (queued, made, receipt) for (queued, made), receipt in zip(sendable, receipts, strict=True)
        ]
        tried += [(queued, None, made) for queued, made in worded if isinstance(made, Receipt)]
        return self.written_down(tried)

    def rest(self) -> float:
        """Seconds until the next mail comes due, zero when one is; infinite when nothing waits."""
        with self.shop.reading() as connection:
            due_at = outbox.next_due(connection)
        return math.inf if due_at is None else max(0.0, (due_at - self.clock()).total_seconds())

    def claim(self, again_until: datetime | None = None) -> list[QueuedMail]:
        now = self.clock()
        lease = now + timedelta(seconds=self.config.outbox.lease_seconds)
        with self.shop.claiming() as connection:
            brakes = self.following.brakes(now)
            return sending.claim(connection, now, self.config.outbox.batch, lease, self.worker, brakes, again_until)

    def personal(self, claimed: Sequence[QueuedMail]) -> Personal:
        mails = [queued.mail for queued in claimed]
        return Personal(
            self.vault.emails({mail.hashed_email for mail in mails if mail.hashed_email}),
            self.vault.addresses({mail.facts["address_id"] for mail in mails if "address_id" in mail.facts}),
            self.vault.enclosures({mail.enclosure_id for mail in mails if mail.enclosure_id}),
        )

    def envelope(self, queued: QueuedMail, personal: Personal, until: float) -> Envelope | Receipt:
        """The message ready to go, or why there is none. One that cannot be worded waits: a template is soon mended."""
        mail = queued.mail
        recipient = self.recipient(mail, personal)
        if recipient is None:
            known = "configuration" if mail.role else "vault"
            return Receipt(State.PERMANENT, None, f"the {known} no longer knows the recipient")
        enclosure = personal.enclosures.get(mail.enclosure_id or "")
        address = personal.addresses.get(mail.facts.get("address_id", ""))
        try:
            carried = self.carried(queued, until - time.monotonic())
            message = self.wording.compose(mail, recipient, enclosure, address, self.clock(), carried)
        except UnmailableError as error:
            return Receipt(State.PERMANENT, None, str(error))
        except Exception as error:
            log.exception("mail_not_worded", outbox=queued.id, kind=mail.kind)
            return Receipt(State.TEMPORARY, None, f"could not be worded: {type(error).__name__}")
        # Not the null sender: a bounce has to find its way back to stop further mail; it is never answered.
        return Envelope(self.config.shop.address, recipient, message)

    def carried(self, queued: QueuedMail, seconds: float) -> Carried:
        """What a mail shows and carries besides its facts; only these two kinds carry anything."""
        if queued.mail.role is Role.STAFF:
            return self.reporting.carry(queued, self.clock(), seconds)
        if queued.mail.kind == OWN_DATA and queued.mail.hashed_email:
            return self.own_data(queued.mail.hashed_email)
        return NOTHING

    def recipient(self, mail: Mail, personal: Personal) -> str | None:
        if mail.role is Role.OPERATOR:
            return self.config.shop.operator
        if mail.role is Role.HUMAN:
            return self.config.shop.human
        if mail.role is Role.STAFF:
            return self.reporting.address(mail.facts["recipient"])
        return personal.emails.get(mail.hashed_email or "")

    def written_down(self, tried: Sequence[Tried]) -> list[Sent]:
        """Settle, however long somebody holds the books: what was sent and is not written down would go out again.

        Raises BusyError when they are held for longer than the lease allows to wait.
        """
        for _ in range(self.settle_attempts() - 1):
            try:
                return self.settle(tried)
            except BusyError:
                log.warning("outbox_busy", mails=len(tried))
        return self.settle(tried)

    def settle_attempts(self) -> int:
        """Each waits for the books in vain before it gives up; together half the lease, but once in any case."""
        return max(1, int(self.config.outbox.lease_seconds / 2 / self.shop.wait_seconds))

    def settle(self, tried: Sequence[Tried]) -> list[Sent]:
        """As settled, with what follows; what cannot be made to follow is left out, since the mail itself has gone out
        and would go out again for as long as it is not written down.
        """
        try:
            return self.settle_all(tried, follow=True)
        except Exception as error:
            if isinstance(error, DatabaseError) and not isinstance(error, ForbiddenError):
                raise
            if len(tried) == 1:
                log.exception("nothing_follows", outbox=tried[0][0].id)
                return self.settle_all(tried, follow=False)
        return [sent for one in tried for sent in self.settle([one])]

    def settle_all(self, tried: Sequence[Tried], follow: bool) -> list[Sent]:
        now = self.clock()
        results = [
            Sent(queued, envelope is not None or not receipt.tried, settle(queued, receipt, self.config.outbox, now))
            for queued, envelope, receipt in tried
        ]
        # Of who was erased the reason stays that: nothing is mailed there anyway.
        gone = [
            queued.mail.hashed_email
            for queued, _, receipt in tried
            if is_dead_address(receipt) and queued.mail.kind != ERASED_MAIL
        ]
        with self.shop.claiming() as connection:
            ours = set(sending.settle(connection, [sent.settlement for sent in results], self.worker))
            mine = [one for one in results if one.queued.id in ours]
            troubles = [alert(one, what, now) for one in mine if (what := trouble(one))]
            accepted = [one.queued for one in mine if one.settlement.state is MailState.SENT]
            followers = self.following.after_sent(connection, accepted, now) if follow and accepted else []
            outbox.enqueue(connection, [*troubles, *followers], now)
            customers.suppress(connection, [hashed for hashed in gone if hashed], "hard_bounce", now)
        self.clear_away(mine)
        return results

    def clear_away(self, mine: Sequence[Sent]) -> None:
        """What the vault kept for these mails alone; what a crash leaves of it, the sweep removes.

        Who was erased, and may have mail again since, keeps what came since: that is asked under the books' lock.
        """
        sent_ids = [one.queued.mail.enclosure_id for one in mine if one.settlement.state is MailState.SENT]
        self.vault.discard([enclosure_id for enclosure_id in sent_ids if enclosure_id])
        told = {
            one.queued.mail.hashed_email or ""
            for one in mine
            if one.queued.mail.kind == ERASED_MAIL and one.settlement.state is not MailState.QUEUED
        }
        if told:
            with self.shop.transaction() as connection:
                for hashed_email in customers.erased(connection, told):
                    self.vault.forget(hashed_email)


def trouble(sent: Sent) -> str | None:
    """What the operator is to be told of a mail: that it is dead, or, once, that it cannot be worded."""
    if sent.queued.mail.kind == "alert":
        return None
    if sent.settlement.state is MailState.DEAD:
        return "mail_dead"
    return "mail_not_worded" if not sent.worded and sent.queued.attempts == 1 else None


def alert(sent: Sent, what: str, now: datetime) -> Mail:
    """A mail to the operator about another mail, with what the relay said last."""
    queued, reference = sent.queued, str(sent.queued.id)
    # A template that cannot be worded breaks thousands of offers; of those the operator is told once a day.
    about = f"offers:{what}:{now.date().isoformat()}" if queued.mail.kind == OFFER else f"{reference}:{queued.attempts}"
    return Mail(
        token=secrets.token_hex(16),
        event_key=f"outbox:{about}:alert",
        kind="alert",
        facts={
            "what": what,
            "reference": reference,
            "reason": f"{queued.mail.kind}: {sent.settlement.reply}",
            "when": now.isoformat(),
            "command": f"mailorder outbox show {reference}",
        },
        due_at=now,
        role=Role.OPERATOR,
    )
