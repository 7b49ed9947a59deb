"""Every function of the store that takes a connection, called once; for tests that hold for all of them."""

from collections.abc import Callable
from dataclasses import replace
from inspect import getmembers, isfunction, signature
from types import ModuleType

from sqlalchemy import Connection
from store_makers import LAMP, MUG, NOW, a_letter, a_mail, an_order, later, line

from store import (
    baskets,
    brakes,
    browsing,
    catalogue,
    changing,
    customers,
    letters,
    offers,
    orders,
    outbox,
    periods,
    rules,
    sales,
    sending,
    vocabulary,
    wishes,
)
from store.facts import (
    Arm,
    Brakes,
    Evidence,
    Found,
    KeptRule,
    Listing,
    MailState,
    Mining,
    MiningState,
    Movement,
    MovementReason,
    Offer,
    OfferItem,
    OrderState,
    Outcome,
    Period,
    Popular,
    Product,
    QueuedMail,
    Report,
    ReportRun,
    Settlement,
    Span,
    Tally,
    Wish,
)

ROOMS: tuple[ModuleType, ...] = (
    baskets,
    brakes,
    browsing,
    catalogue,
    changing,
    customers,
    letters,
    offers,
    orders,
    outbox,
    periods,
    rules,
    sales,
    sending,
    vocabulary,
    wishes,
)
Call = Callable[[Connection], object]

KNOWN = a_letter()
PAST = an_order(line(MUG, 1), state=OrderState.FULFILLED, closed_at=NOW, letter_id=None, source="file")
ORDER, HELD = an_order(line(LAMP, 1)), an_order(line(MUG, 1), state=OrderState.HELD)
CHANGED = replace(ORDER, lines=(line(LAMP, 2),))
MAIL = a_mail(order_number=ORDER.number)
WISH = Wish(MUG.product_id, "ada", NOW)
NEW_PRODUCT = Product("NEW", "New", "", price=1, on_hand=1)
RECEIVED = Movement(LAMP.product_id, 1, MovementReason.RECEIVED, NOW, "test")


MINING = Mining(1, MiningState.RUNNING, "ours", NOW, later(hours=1), NOW, {})
FOUND = Found([KeptRule(("A",), "B", Evidence.RULE, 1, 1, 1, 0.5)], [Popular("A", 1, 1, 0)], 1)
WEEK = Period(Span.WEEK, "2026-W47", NOW, later(days=7), "UTC", NOW.date(), NOW.date(), 7, "week 47", "a week")
KIND, WINDOW = (Report.FINANCE, Span.WEEK), (NOW, later(days=7))
RUN = ReportRun(Report.FINANCE, WEEK, later(days=7), later(days=7), False, None, {})


def fill(conn: Connection) -> None:
    catalogue.add(conn, [LAMP, MUG], "test", NOW)
    orders.book(conn, [ORDER, HELD])
    changing.change(conn, ORDER, ORDER, 1, NOW, "test")
    wishes.keep(conn, [WISH])
    orders.book_past(conn, [PAST])
    letters.record(conn, [KNOWN])
    letters.first_contact(conn, "orders", NOW)
    outbox.enqueue(conn, [MAIL, a_mail(order_number=ORDER.number)], NOW)
    offers.make(conn, [AN_OFFER])
    rules.begin(conn, MINING.owner, NOW, {}, NOW, MINING.until)


BRAKES = Brakes(NOW, NOW, 1, NOW, 100)
AN_OFFER = Offer(ORDER.number, "ada", Arm.OFFERED, NOW, (OfferItem(MUG.product_id, MUG.price, "best_seller"),))
ANOTHER = Offer(PAST.number, "ada", Arm.HELD_OUT, NOW, ())
AS_MAIL = QueuedMail(3, a_mail(kind="offer", order_number=ORDER.number), MailState.QUEUED, 0, NOW)

READS: dict[str, Call] = {
    "changing.revisions": lambda conn: changing.revisions(conn, [ORDER.number]),
    "changing.changes": lambda conn: changing.changes(conn, [ORDER.number]),
    "customers.spent": lambda conn: customers.spent(conn, ["token"]),
    "orders.standing": lambda conn: orders.standing(conn, ["ada"]),
    "outbox.awaited": lambda conn: outbox.awaited(conn, ["ada"]),
    "wishes.of_customers": lambda conn: wishes.of_customers(conn, ["ada"]),
    "wishes.of_customer": lambda conn: wishes.of_customer(conn, "ada"),
    "wishes.fulfilled": lambda conn: wishes.fulfilled(conn, 10),
    "wishes.any_due": lambda conn: wishes.any_due(conn, NOW),
    "brakes.examine": lambda conn: brakes.examine(conn, [AS_MAIL], BRAKES),
    "offers.made": lambda conn: offers.made(conn, [ORDER.number]),
    "offers.braked": lambda conn: offers.braked(conn, {ORDER.number: "ada"}, BRAKES),
    "offers.listing": lambda conn: offers.listing(conn),
    "offers.of_customer": lambda conn: offers.of_customer(conn, "ada"),
    "offers.drawn": lambda conn: offers.drawn(conn, NOW, later(days=1)),
    "offers.sent": lambda conn: offers.sent(conn, NOW, later(days=1)),
    "offers.figures": lambda conn: offers.figures(conn, NOW, later(days=1), 14, later(days=2)),
    "customers.offers_refused": lambda conn: customers.offers_refused(conn, ["ada"]),
    "baskets.count": lambda conn: baskets.count(conn, NOW),
    "baskets.stream": lambda conn: list(baskets.stream(conn, NOW)),
    "baskets.bought_again": lambda conn: baskets.bought_again(conn, NOW),
    "baskets.any_before": lambda conn: baskets.any_before(conn, NOW),
    "baskets.unavailable": baskets.unavailable,
    "baskets.owned": lambda conn: baskets.owned(conn, ["ada"], 3, 0.2),
    "baskets.cancelled": lambda conn: baskets.cancelled(conn, ["ada"], NOW),
    "baskets.taken_out": lambda conn: baskets.taken_out(conn, ["ada"], NOW),
    "baskets.categories": lambda conn: list(baskets.categories(conn)),
    "catalogue.products": lambda conn: catalogue.products(conn, [LAMP.key]),
    "catalogue.keys": catalogue.keys,
    "catalogue.search": lambda conn: catalogue.search(conn, "lamp", active=True),
    "catalogue.everything": lambda conn: list(catalogue.everything(conn)),
    "catalogue.movements": lambda conn: catalogue.movements(conn, LAMP.product_id),
    "catalogue.moved": lambda conn: catalogue.moved(conn, LAMP.product_id),
    "catalogue.differences": catalogue.differences,
    "catalogue.count": catalogue.count,
    "browsing.page": lambda conn: [
        browsing.page(conn, Listing(1, ("lamp",), cents, best_first=best, after=after))
        for best in (True, False)
        for cents in (None, 100_000)
        for after in (None, (0, ""), (1, ""))
    ],
    "customers.suppressed": lambda conn: customers.suppressed(conn, ["ada"]),
    "customers.erased": lambda conn: customers.erased(conn, ["ada"]),
    "customers.said": lambda conn: customers.said(conn, "ada"),
    "letters.of_kind_since": lambda conn: letters.of_kind_since(conn, ["ada"], "report", NOW),
    "letters.known": lambda conn: letters.known(conn, [("orders", 7, 1)], ["key"], ["digest"]),
    "letters.reopened": lambda conn: letters.reopened(conn, "orders"),
    "letters.find": lambda conn: letters.find(conn, KNOWN.letter_id),
    "letters.listing": lambda conn: letters.listing(conn, Outcome.DONE, before=KNOWN.letter_id),
    "letters.waiting": lambda conn: letters.waiting(conn, NOW),
    "letters.count_waiting": lambda conn: letters.count_waiting(conn, NOW),
    "letters.of_sender": lambda conn: letters.of_sender(conn, "ada"),
    "letters.counts": letters.counts,
    "letters.for_person_since": lambda conn: letters.for_person_since(conn, ["ada"], NOW),
    "letters.mailboxes": letters.mailboxes,
    "letters.emails_in_use": lambda conn: letters.emails_in_use(conn, ["ada"]),
    "orders.by_numbers": lambda conn: orders.by_numbers(conn, [ORDER.number]),
    "orders.by_sources": lambda conn: orders.by_sources(conn, ["file"]),
    "orders.numbers_in_use": lambda conn: orders.numbers_in_use(conn, [ORDER.number]),
    "orders.recent": lambda conn: orders.recent(conn, ["ada"], NOW),
    "orders.last_addresses": lambda conn: orders.last_addresses(conn, ["ada"]),
    "orders.with_verdict": lambda conn: (
        orders.with_verdict(conn, [ORDER.number], "pass"),
        orders.last_addresses(conn, ["ada"], verdict="pass"),
    ),
    "orders.listing": lambda conn: orders.listing(conn, state=OrderState.PLACED, before=ORDER.number),
    "orders.histories": lambda conn: orders.histories(conn, ["ada"], 10),
    "orders.totals": orders.totals,
    "orders.addresses_in_use": lambda conn: orders.addresses_in_use(conn, ["home"]),
    "orders.emails_in_use": lambda conn: orders.emails_in_use(conn, ["ada"]),
    "outbox.by_tokens": lambda conn: outbox.by_tokens(conn, [MAIL.token]),
    "outbox.of_letter": lambda conn: outbox.of_letter(conn, KNOWN),
    "outbox.to_recipient": lambda conn: outbox.to_recipient(conn, "ada"),
    "outbox.answers_since": lambda conn: outbox.answers_since(conn, ["ada"], NOW),
    "outbox.kinds_since": lambda conn: outbox.kinds_since(conn, ["ada"], "notice", NOW),
    "outbox.find": lambda conn: outbox.find(conn, 1),
    "outbox.listing": lambda conn: outbox.listing(conn, MailState.QUEUED),
    "outbox.health": lambda conn: outbox.health(conn, NOW),
    "outbox.next_due": outbox.next_due,
    "outbox.enclosures_waiting": lambda conn: outbox.enclosures_waiting(conn, ["e"]),
    "outbox.emails_in_use": lambda conn: outbox.emails_in_use(conn, ["ada"]),
    "vocabulary.words": vocabulary.words,
    "vocabulary.holding": lambda conn: vocabulary.holding(conn, [["lamp"], ["brass"]], 10),
    "vocabulary.on_sale": lambda conn: vocabulary.on_sale(conn, ["lamp"]),
    "vocabulary.lacks": lambda conn: vocabulary.lacks(conn, ["unicorns"]),
    "rules.find": lambda conn: rules.find(conn, 1),
    "rules.running": rules.running,
    "rules.in_force": rules.in_force,
    "rules.version": rules.version,
    "rules.latest": rules.latest,
    "rules.rules": lambda conn: list(rules.rules(conn, Evidence.RULE, LAMP.product_id)),
    "rules.popular": lambda conn: list(rules.popular(conn)),
    "periods.starts": periods.starts,
    "periods.made": lambda conn: periods.made(conn, KIND, NOW),
    "periods.find": lambda conn: periods.find(conn, [1]),
    "periods.of_period": lambda conn: periods.of_period(conn, Report.FINANCE, WEEK.key),
    "periods.last_before": lambda conn: periods.last_before(conn, KIND, WEEK.end),
    "periods.listing": periods.listing,
    "sales.first_placed_at": sales.first_placed_at,
    "sales.sales": lambda conn: sales.sales(conn, WINDOW, NOW),
    "sales.ordered": lambda conn: sales.ordered(conn, [WINDOW], NOW),
    "sales.placed": lambda conn: sales.placed(conn, WINDOW),
    "sales.cancelled": lambda conn: (sales.cancelled(conn, WINDOW), sales.cancelled(conn, WINDOW, WINDOW)),
    "sales.changed": lambda conn: (sales.changed(conn, WINDOW), sales.changed(conn, WINDOW, WINDOW)),
    "sales.everything": sales.everything,
    "sales.standing": lambda conn: sales.standing(conn, NOW, Tally()),
    "sales.totals": lambda conn: sales.totals(conn, WINDOW, NOW),
    "sales.products": lambda conn: sales.products(conn, WINDOW, NOW, 10),
    "sales.product_ranks": lambda conn: sales.product_ranks(conn, WINDOW, NOW, [LAMP.product_id]),
    "sales.customers": lambda conn: sales.customers(conn, WINDOW, NOW, 10),
    "sales.customer_ranks": lambda conn: sales.customer_ranks(conn, WINDOW, NOW, ["ada"]),
}
WRITES: dict[str, Call] = {
    "changing.change": lambda conn: changing.change(conn, ORDER, CHANGED, 2, NOW, "test"),
    "customers.spend": lambda conn: customers.spend(conn, ["token"], NOW),
    "orders.fulfil": lambda conn: orders.fulfil(conn, [ORDER.number], NOW),
    "wishes.keep": lambda conn: wishes.keep(conn, [WISH]),
    "wishes.drop": lambda conn: wishes.drop(conn, [WISH]),
    "wishes.expire": lambda conn: wishes.expire(conn, NOW),
    "wishes.forget": lambda conn: wishes.forget(conn, "ada"),
    "offers.make": lambda conn: offers.make(conn, [ANOTHER]),
    "catalogue.add": lambda conn: catalogue.add(conn, [NEW_PRODUCT], "test", NOW),
    "catalogue.change": lambda conn: catalogue.change(conn, [MUG]),
    "catalogue.remove": lambda conn: catalogue.remove(conn, MUG.product_id),
    "vocabulary.recount": lambda conn: vocabulary.recount(conn, [("A1", " lamp")], [("A1", " lantern")]),
    "catalogue.move": lambda conn: catalogue.move(conn, [RECEIVED]),
    "customers.suppress": lambda conn: customers.suppress(conn, ["ada"], "stop", NOW),
    "customers.unsuppress": lambda conn: customers.unsuppress(conn, ["ada"], "start", NOW),
    "customers.say": lambda conn: customers.say(conn, ["ada"], "offers", False, "stop", NOW),
    "letters.record": lambda conn: letters.record(conn, [a_letter()]),
    "letters.replace": lambda conn: letters.replace(conn, [KNOWN]),
    "letters.close": lambda conn: letters.close(conn, [KNOWN.letter_id]),
    "letters.drop": lambda conn: letters.drop(conn, [KNOWN.letter_id]),
    "letters.reopen": lambda conn: letters.reopen(conn, KNOWN.letter_id),
    "letters.first_contact": lambda conn: letters.first_contact(conn, "second", NOW),
    "letters.looked": lambda conn: letters.looked(conn, "orders", 7, NOW),
    "orders.book": lambda conn: orders.book(conn, [an_order()]),
    "orders.book_past": lambda conn: orders.book_past(
        conn, [replace(PAST, number="past", source="another file")], taken_at=NOW
    ),
    "orders.forget_addresses": lambda conn: orders.forget_addresses(conn, "ada"),
    "orders.release": lambda conn: orders.release(conn, HELD.number, NOW, later(hours=24)),
    "orders.cancel": lambda conn: orders.cancel(conn, [ORDER.number], NOW, "test"),
    "outbox.enqueue": lambda conn: outbox.enqueue(conn, [a_mail()], NOW),
    "outbox.withhold": lambda conn: outbox.withhold(conn, "ada", NOW),
    "sending.claim": lambda conn: sending.claim(conn, NOW, 10, later(minutes=5), "one"),
    "sending.settle": lambda conn: sending.settle(conn, [Settlement(1, MailState.SENT, NOW)], "one"),
    "outbox.drop": lambda conn: outbox.drop(conn, [1]),
    "outbox.retry": lambda conn: outbox.retry(conn, 1, NOW),
    "rules.begin": lambda conn: rules.begin(conn, "one", NOW, {}, NOW, later(hours=1)),
    "rules.fail": lambda conn: rules.fail(conn, "one", "broken", NOW),
    "rules.replace": lambda conn: rules.replace(conn, MINING, rules.pack(FOUND), NOW),
    "periods.start": lambda conn: periods.start(conn, [KIND], NOW),
    "periods.advance": lambda conn: periods.advance(conn, KIND, NOW),
    "periods.file": lambda conn: periods.file(conn, RUN),
}


# Parts of the functions above, called through them.
PARTS = {
    "baskets.by_customer",
    "rules.one_in",
    "catalogue.first_lacking",
    "letters.records",
    "orders.whole",
    "orders.write",
    "orders.write_lines",
    "sending.rescue",
    "sending.due_mails",
    "sending.close_unsendable",
    "sending.brake_offers",
    "brakes.one_at_a_time",
    "brakes.cancelled_lately",
    "brakes.stale",
    "brakes.got_since",
    "catalogue.searched_before",
    "vocabulary.begins_an_id",
    "vocabulary.weighed",
    "letters.counted",
    "brakes.sent_to",
    "brakes.sent_in_all",
    "offers.drawn_since",
    "offers.offered_since",
    "offers.whole",
    "offers.attributed",
    "offers.rule_figures",
    "sending.change_all",
    "sending.close",
    "sending.queue_again",
    "outbox.counted",
    "sales.customer_sums",
    "sales.product_sums",
    "sales.tally",
}


def all_functions() -> set[str]:
    """What there is to call: functions of the rooms themselves whose first argument is the connection."""
    found = set()
    for room in ROOMS:
        for name, function in getmembers(room, isfunction):
            if function.__module__ == room.__name__ and next(iter(signature(function).parameters), "") == "conn":
                found.add(f"{room.__name__.removeprefix('store.')}.{name}")
    return found - PARTS
