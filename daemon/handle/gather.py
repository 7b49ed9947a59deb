"""The facts that a batch of letters needs, read from the books in sets."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from daemon.config import Config
from daemon.decide import Case, Facts
from daemon.decide.thread import token_of
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, Bounced, CancelOrder, PlaceOrder, Yes
from store import catalogue, changing, customers, letters, orders, outbox, wishes
from store.database import Connection
from store.facts import OFFER, Order, QueuedMail, product_key


def gather(connection: Connection, cases: Sequence[Case], config: Config, now: datetime) -> Facts:
    senders = {case.hashed_email for case in cases if case.hashed_email}
    # A yes may turn out to be an order, by the mail that it answers.
    ordering = [case for case in cases if isinstance(case.request, PlaceOrder | Yes)]
    # One-tap orders in an answer need to know whether there is an address to send them to.
    shipping = [*ordering, *(case for case in cases if isinstance(case.request, Ask))]
    threads = outbox.by_tokens(connection, tokens) if (tokens := tokens_of(cases)) else {}
    named = orders.by_numbers(connection, numbers_of(cases, threads)) | standing(connection, cases)
    wishing = [case for case in cases if asks(case, AskKind.NOTIFY)]
    products = catalogue.products(
        connection, keys_of([*ordering, *wishing], named.values()) | offered_keys(threads.values())
    )
    proven = [case for case in shipping if case.letter.verdict is Verdict.PASS]
    replacing = [case for case in ordering if replaces(case)]
    repeating = [case for case in cases if asks(case, AskKind.AGAIN)]
    return Facts(
        products=products,
        orders=named,
        threads=threads,
        recent=recent_orders(connection, [*ordering, *repeating], config),
        last_address=last_addresses(connection, shipping, named),
        proven_address=last_addresses(connection, proven, named, Verdict.PASS),
        proven=orders.with_verdict(connection, named if replacing or without_address(proven) else (), Verdict.PASS),
        answers=answers_since(connection, senders, reporting(cases), now - timedelta(hours=1)),
        told=set(outbox.kinds_since(connection, senders, "passed_on", now - timedelta(days=1))),
        slowed=set(outbox.kinds_since(connection, senders, "slow_down", now - timedelta(hours=1))),
        suppressed=customers.suppressed(connection, senders),
        erased=customers.erased(connection, senders),
        wishes=wishes.of_customers(connection, {one.hashed_email for one in wishing if one.hashed_email}),
        revisions=changing.revisions(connection, named if replacing else ()),
        spent=customers.spent(connection, {case.proof for case in cases if case.proof}),
    )


def answers_since(
    connection: Connection, senders: Collection[str], reporting: Collection[str], since: datetime
) -> dict[str, int]:
    """What `Facts.count` would have counted: letters answered, and letters left to a person, whatever was said then.

    A report that staff asked for again is addressed to no hash; for `reporting`, who ask now, those count as well.
    """
    answered = outbox.answers_since(connection, senders, since, besides=("passed_on",))
    counted = Counter(answered) + Counter(letters.for_person_since(connection, senders, since))
    if reporting:
        counted += Counter(letters.of_kind_since(connection, reporting, AskKind.REPORT.value, since))
    return counted


def reporting(cases: Iterable[Case]) -> set[str]:
    return {
        case.hashed_email
        for case in cases
        if case.hashed_email and isinstance(case.request, Ask) and case.request.kind is AskKind.REPORT
    }


def tokens_of(cases: Iterable[Case]) -> list[str]:
    """The outbox tokens that letters refer to: what they answer, and what bounced."""
    tokens: list[str] = []
    for case in cases:
        tokens.extend(token_of(message_id) for message_id in case.letter.replies_to)
        if isinstance(case.request, Bounced):
            tokens.extend(case.request.tokens)
    return tokens


def numbers_of(cases: Iterable[Case], threads: dict[str, QueuedMail]) -> list[str]:
    numbers = [queued.mail.order_number for queued in threads.values() if queued.mail.order_number]
    for case in cases:
        if isinstance(case.request, CancelOrder | Yes):
            numbers.extend(case.request.numbers)
        elif isinstance(case.request, PlaceOrder):
            numbers.extend(case.request.replaces or ())
            numbers.extend(filter(None, [case.request.address_of]))
        elif isinstance(case.request, Ask) and case.request.kind in ABOUT_ORDERS:
            numbers.extend(case.request.argument.split())
    return numbers


def standing(connection: Connection, cases: Iterable[Case]) -> dict[str, Order]:
    """The orders that who asks to be erased still waits for."""
    erasing = {case.hashed_email for case in cases if case.hashed_email and asks(case, AskKind.ERASE)}
    return {order.number: order for order in orders.standing(connection, erasing)}


ABOUT_ORDERS = frozenset({AskKind.STATUS, AskKind.AGAIN})


def asks(case: Case, kind: AskKind) -> bool:
    return isinstance(case.request, Ask) and case.request.kind is kind


def replaces(case: Case) -> bool:
    return isinstance(case.request, PlaceOrder) and case.request.replaces is not None


def keys_of(ordering: Iterable[Case], named: Iterable[Order]) -> set[str]:
    """The products that the letters could mean, and those of the orders they could change."""
    keys = {product_key(line.product_id) for order in named for line in order.lines}
    for case in ordering:
        if isinstance(case.request, PlaceOrder):
            keys.update(key for item in case.request.items for key in item.keys)
        elif asks(case, AskKind.NOTIFY) and isinstance(case.request, Ask):
            keys.add(product_key(case.request.argument))
    return keys


def offered_keys(threads: Iterable[QueuedMail]) -> set[str]:
    """The products of the offers that letters answer, and of the orders that were refused and put right."""
    told = {OFFER: "products", "refusal": "could_be"}
    answered = (queued.mail for queued in threads if queued.mail.kind in told)
    products = (product for mail in answered for product in mail.facts.get(told[mail.kind], ()))
    return {product_key(product["product_id"]) for product in products}


def recent_orders(connection: Connection, ordering: Sequence[Case], config: Config) -> dict[str, list[Order]]:
    """Orders near enough in time that a letter of the batch could be their repetition, by customer."""
    if not ordering:
        return {}
    since = min(case.arrived_at for case in ordering) - timedelta(minutes=config.orders.same_order_minutes)
    found: dict[str, list[Order]] = {}
    for order in orders.recent(connection, {case.hashed_email for case in ordering if case.hashed_email}, since):
        found.setdefault(order.hashed_email or "", []).append(order)
    return found


def last_addresses(
    connection: Connection, ordering: Iterable[Case], named: dict[str, Order], verdict: Verdict | None = None
) -> dict[str, tuple[datetime, str, str]]:
    """Of those who give no address; orders that the batch names are left out, for it may yet cancel them."""
    asking = without_address(ordering)
    theirs = [order.number for order in named.values() if order.hashed_email in asking]
    return orders.last_addresses(connection, asking, theirs, verdict)


def without_address(ordering: Iterable[Case]) -> set[str]:
    return {case.hashed_email for case in ordering if case.hashed_email and case.address is None}
