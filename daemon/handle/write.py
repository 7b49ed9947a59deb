"""Decisions written down: the vault first, then everything else in the transaction that decided."""

import secrets
import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from daemon.decide import Answer, Case, Decision
from daemon.handle.customer import erase_in_books
from daemon.handle.known import Handled, is_judged
from daemon.handle.prepare import Desk, letter_id, message_key
from daemon.inbox.imap import Arrived
from daemon.request.kinds import kind_of
from store import changing, customers, letters, orders, outbox, wishes
from store.database import Connection
from store.facts import ERASED_MAIL, JSON, Enclosure, LetterRecord, Mail, Outcome, Role, ShippingAddress


def write(connection: Connection, desk: Desk, handled: Sequence[Handled], now: datetime) -> None:
    """The vault is committed first, idempotently: a crash leaves rows that nothing refers to, never the reverse."""
    decided = [
        (one.arrived, one.case, one.decision) for one in handled if one.case is not None and one.decision is not None
    ]
    if not decided:
        return
    mails, enclosures = answers(decided, now)
    erased = {case.hashed_email for _, case, decision in decided if decision.erase and case.hashed_email}
    keep_in_vault(desk, decided, enclosures, erased, now)
    write_letters(connection, decided, now)
    write_orders(connection, [(case.letter_id, decision) for _, case, decision in decided], now)
    write_consent(connection, [(case, decision) for _, case, decision in decided], now)
    wishes.keep(connection, [wish for _, _, decision in decided for wish in decision.wishes])
    write_proofs(connection, [case for _, case, _ in decided], now)
    outbox.enqueue(connection, [mail for mail in mails if mail.kind != ERASED_MAIL], now)
    # What waits for them all is withheld, and only then the one mail to each made that tells them so.
    for hashed_email in erased:
        erase_in_books(connection, hashed_email, now)
    outbox.enqueue(connection, [mail for mail in mails if mail.kind == ERASED_MAIL], now)


def answers(decided: Sequence[tuple[Arrived, Case, Decision]], now: datetime) -> tuple[list[Mail], list[Enclosure]]:
    mails, enclosures = [], []
    for arrived, case, decision in decided:
        for answer in decision.answers:
            enclosure = enclose(arrived, case, answer)
            if enclosure is not None:
                enclosures.append(enclosure)
            mails.append(to_mail(case.letter_id, case.hashed_email, answer, enclosure, now))
    return mails, enclosures


def enclose(arrived: Arrived, case: Case, answer: Answer) -> Enclosure | None:
    """What of an answer is personal: the customer's words, the Message-ID answered, the letter passed on."""
    words = dict(answer.words)
    if answer.role is None and case.letter.message_id:
        words["message_id"] = case.letter.message_id
    if not words and not answer.with_letter:
        return None
    return Enclosure(
        f"{case.letter_id}:{answer.kind}{answer.part}",
        case.hashed_email,
        words,
        arrived.raw if answer.with_letter else None,
    )


def to_mail(cause: str, hashed_email: str | None, answer: Answer, enclosure: Enclosure | None, now: datetime) -> Mail:
    """The outbox row of an answer; `cause` is the letter or, for what staff decided, the order."""
    about = answer.order_number if answer.kind in ONCE_AN_ORDER else cause
    return Mail(
        token=secrets.token_hex(16),
        event_key=f"{about}:{answer.kind}{answer.part}",
        kind=answer.kind,
        facts=answer.facts | faults_at(answer),
        due_at=now,
        hashed_email=hashed_email if answer.role is None else None,
        role=answer.role,
        letter_id=cause if cause != answer.order_number else None,
        order_number=answer.order_number,
        enclosure_id=enclosure.enclosure_id if enclosure else None,
    )


def faults_at(answer: Answer) -> JSON:
    """What the books may know of the faults that an answer tells: line and reason, and no word of the letter."""
    faults = answer.words.get("faults") or ()
    return {"faults_at": [[fault["line"], fault["reason"]] for fault in faults[:FAULTS_KEPT]]} if faults else {}


FAULTS_KEPT = 100
ONCE_AN_ORDER = frozenset({"confirmation", "held"})


def keep_in_vault(
    desk: Desk,
    decided: Sequence[tuple[Arrived, Case, Decision]],
    enclosures: Sequence[Enclosure],
    erased: Collection[str],
    now: datetime,
) -> None:
    """Only whom we answer or ship to is remembered; of who is erased, only where to send the one mail that says so."""
    for hashed_email in erased:
        desk.vault.forget(hashed_email)
    emails = {
        case.hashed_email: case.letter.sender
        for _, case, decision in decided
        if case.hashed_email and case.letter.sender and (decision.book or decision.answers)
    }
    booked = [case.address for _, case, decision in decided if case.address and goes_there(case.address, decision)]
    if erased:
        booked = [place for place in booked if place.hashed_email not in erased]
        last = f":{ERASED_MAIL}"
        enclosures = [one for one in enclosures if one.hashed_email not in erased or one.enclosure_id.endswith(last)]
    desk.vault.keep(emails, booked, enclosures, now)


def goes_there(address: ShippingAddress, decision: Decision) -> bool:
    """Whether something goes to the address, or may when a refused letter is put right."""
    if decision.book is not None or decision.change is not None:
        return True
    return any(answer.facts.get("address_id") == address.address_id for answer in decision.answers)


def write_letters(connection: Connection, decided: Sequence[tuple[Arrived, Case, Decision]], now: datetime) -> None:
    records = [(record_of(arrived, case, decision, now), case.reopened) for arrived, case, decision in decided]
    letters.record(connection, [record for record, again in records if not again])
    letters.replace(connection, [record for record, again in records if again])


def record_of(arrived: Arrived, case: Case, decision: Decision, now: datetime) -> LetterRecord:
    return LetterRecord(
        letter_id=case.letter_id,
        mailbox=arrived.mailbox,
        uidvalidity=arrived.uidvalidity,
        uid=arrived.uid,
        digest=case.letter.digest,
        arrived_at=case.arrived_at,
        handled_at=now,
        kind=kind_of(case.request),
        outcome=decision.outcome,
        reason=decision.reason,
        verdict=case.letter.verdict.value,
        message_key=message_key(case.letter) if is_judged(decision) else None,
        hashed_email=case.hashed_email,
        order_number=decision.order_number,
    )


def write_proofs(connection: Connection, cases: Iterable[Case], now: datetime) -> None:
    proofs = {case.proof for case in cases if case.proof}
    if proofs:
        customers.spend(connection, proofs, now)


def write_orders(connection: Connection, decided: Sequence[tuple[str, Decision]], now: datetime) -> None:
    """What (letter, decision) change in the books; cancellations after bookings, since a batch may hold both."""
    orders.book(connection, [decision.book for _, decision in decided if decision.book])
    for cause, decision in decided:
        if decision.release is not None:
            placed = decision.release
            must(orders.release(connection, placed.number, placed.placed_at, placed.cancel_until), placed.number)
        if decision.change is not None:
            before, after, revision = decision.change.before, decision.change.after, decision.change.revision
            must(changing.change(connection, before, after, revision, now, cause), before.number)
        if decision.cancel:
            numbers = [order.number for order in decision.cancel]
            must(sorted(orders.cancel(connection, numbers, now, cause)) == sorted(numbers), *numbers)
    suppressed = [hashed for _, decision in decided for hashed in decision.suppress]
    if suppressed:
        customers.suppress(connection, suppressed, "hard_bounce", now)


def write_consent(connection: Connection, decided: Sequence[tuple[Case, Decision]], now: datetime) -> None:
    """What people said about offers; of several letters of one person the last counts."""
    said = {case.hashed_email: decision.offers for case, decision in decided if decision.offers is not None}
    for allowed, reason in ((False, "stop"), (True, "start")):
        people = [person for person, wanted in said.items() if person is not None and wanted is allowed]
        customers.say(connection, people, customers.OFFERS, allowed, reason, now)


def must(done: bool, *numbers: str) -> None:
    """The books changed between reading and writing: impossible under the lock, so the batch is undone."""
    if not done:
        raise RuntimeError(f"orders changed under our hands: {', '.join(numbers)}")


def write_failed(
    connection: Connection,
    desk: Desk,
    arrived: Arrived,
    digest: str,
    before: LetterRecord | None,
    error: Exception,
    now: datetime,
) -> None:
    """A letter that broke the code: recorded with the places in the code, the message in the vault only.

    `before` is its record when it failed once already and was sent round again: that one is renewed.
    """
    trace = "".join(traceback.format_exception(error))
    record = failed_record(arrived, digest, error, trace, now)
    if before is None:
        letters.record(connection, [record])
    else:
        record = replace(record, letter_id=before.letter_id, arrived_at=min(before.arrived_at, record.arrived_at))
        letters.replace(connection, [record])
    facts = {
        "what": "letter_failed",
        "reference": record.letter_id,
        "reason": record.reason,
        "when": now.isoformat(),
        "command": f"mailorder letters show {record.letter_id}",
    }
    # By its place, so that each time it fails is told, and each is told once.
    about = letter_id(arrived, digest)
    enclosure = Enclosure(f"{about}:alert", None, {"trace": trace})
    desk.vault.keep({}, [], [enclosure], now)
    outbox.enqueue(connection, [alert(about, facts, enclosure.enclosure_id, now)], now)


def alert(about: str, facts: JSON, enclosure_id: str | None, now: datetime) -> Mail:
    """A mail to the operator, at most one for each thing it is about."""
    return Mail(
        token=secrets.token_hex(16),
        event_key=f"{about}:alert",
        kind="alert",
        facts=facts,
        due_at=now,
        role=Role.OPERATOR,
        enclosure_id=enclosure_id,
    )


def failed_record(arrived: Arrived, digest: str, error: Exception, trace: str, now: datetime) -> LetterRecord:
    return LetterRecord(
        letter_id=letter_id(arrived, digest),
        mailbox=arrived.mailbox,
        uidvalidity=arrived.uidvalidity,
        uid=arrived.uid,
        digest=digest,
        arrived_at=arrived.arrived_at,
        handled_at=now,
        kind="unreadable",
        outcome=Outcome.FAILED,
        reason=type(error).__name__,
        verdict="none",
        trace=places(trace),
    )


def places(trace: str) -> str:
    """Where in the code it broke, without the values that a trace may show."""
    return "\n".join(line.strip() for line in trace.splitlines() if line.lstrip().startswith("File "))
