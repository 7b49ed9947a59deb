"""Whatever is asked and whatever is known: one decision, nothing oversold, nothing of anybody else touched or told."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.config import ConductConfig, Config
from daemon.decide import Answer, Case, Decision, Facts, decide
from daemon.letter import Verdict
from daemon.request.shapes import (
    Ask,
    AskKind,
    Automatic,
    Bounced,
    CancelOrder,
    Fault,
    ForPerson,
    ItemLine,
    PlaceOrder,
    Reading,
    Reason,
    ShipTo,
    Unclear,
    Unreadable,
    Yes,
)
from store.facts import Order, OrderState, Outcome, QueuedMail
from tests.unit.decide.by_hand import ADA, BEN, CONFIG, LAMP, NOW, OLD_RUG, POT, an_order, case, known, our_mail

WORD = "gladiolus@customer.example"
"""Every text that a letter brings holds it; no plain fact may."""

PRODUCTS = (LAMP, POT, OLD_RUG)
NUMBERS = tuple(f"MO-2222-{letters}" for letters in ("AAAA", "BBBB", "CCCC", "DDDD"))
STRANGE = "MO-9999-9999"
CONFIGS = (CONFIG, Config.model_construct(conduct=ConductConfig(answers_per_hour=2)))
CHANGES = {Outcome.DONE: {"book", "release", "cancel", "change"}, Outcome.HELD: {"book"}, Outcome.IGNORED: {"suppress"}}

people = st.sampled_from([ADA, BEN])
moments = st.integers(-100, 100).map(lambda hours: NOW + timedelta(hours=hours))
quantities = st.integers(1, 12)
numbers = st.lists(st.sampled_from([*NUMBERS, STRANGE]), max_size=4).map(tuple)
faults = st.builds(
    Fault, st.none() | st.integers(1, 9), st.just(WORD), st.sampled_from(Reason), st.none() | st.just(WORD)
)
some_faults = st.lists(faults, max_size=2).map(tuple)
homes = st.sampled_from([ShipTo(WORD, (WORD, WORD)), ShipTo("Ada", ("12 Analytical Way", WORD))])


@st.composite
def items(draw: st.DrawFn, line: int) -> ItemLine:
    """A line with any number of readings, of products that exist and of such as do not."""
    key = st.sampled_from([*(one.key for one in PRODUCTS), "QX99QX99QX99"])
    readings = draw(st.lists(st.builds(Reading, key, quantities), max_size=2))
    wrong = draw(st.none() | faults) if readings else draw(faults)
    price = st.none() | st.sampled_from([LAMP.price, 1])
    return ItemLine(line, WORD, tuple(readings), WORD, wrong, draw(price), draw(price), tuple(draw(st.lists(key))))


@st.composite
def orders_asked(draw: st.DrawFn) -> PlaceOrder:
    asked = tuple(draw(items(line)) for line in range(1, draw(st.integers(0, 4)) + 1))
    # Without any item the reader names the fault.
    wrong = draw(some_faults) if asked else draw(st.lists(faults, min_size=1, max_size=2).map(tuple))
    total = draw(st.none() | st.sampled_from([1, LAMP.price]))
    replaces = draw(st.none() | st.lists(st.sampled_from([*NUMBERS, STRANGE]), max_size=2).map(tuple))
    quote, after = replaces is None and draw(st.booleans()), draw(st.none() | st.sampled_from([*NUMBERS, STRANGE]))
    return PlaceOrder(asked, draw(st.none() | homes), wrong, quote, total, replaces, after)


machines = st.builds(Automatic, st.just("auto_submitted"))
bounces = st.builds(
    Bounced,
    st.lists(st.sampled_from(["0@shop.example", "1@shop.example", WORD])).map(tuple),
    st.booleans(),
    st.just(""),
)
unreadables = st.builds(Unreadable, st.just("no_sender"))
commands = (
    orders_asked()
    | st.builds(CancelOrder, numbers, some_faults)
    | st.builds(Yes, numbers)
    | st.builds(Ask, st.sampled_from(AskKind), st.just(WORD))
    | st.builds(Ask, st.sampled_from([AskKind.AGAIN, AskKind.STATUS]), st.sampled_from(NUMBERS))
    | st.builds(ForPerson, st.just("question"))
    | st.builds(Unclear, st.just("order"), st.lists(faults, min_size=1, max_size=3).map(tuple))
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any letter; commands have a sender, because `prepare` takes them for unreadable without one."""
    request = draw(machines | bounces | unreadables | commands | commands | commands)
    nobody_needed = isinstance(request, Automatic | Bounced | Unreadable)
    sender = draw(people | st.none()) if nobody_needed else draw(people)
    rarely = st.sampled_from([False, False, False, True])
    return case(
        request,
        sender,
        answering=draw(st.lists(st.sampled_from(["0", "1", "2", "elsewhere"]), max_size=2)),
        arrived_at=draw(moments),
        whole=not draw(rarely),
        old=draw(rarely),
        released=draw(rarely),
        verdict=draw(st.sampled_from([Verdict.NONE, Verdict.NONE, Verdict.PASS, Verdict.FAIL])),
        auto_forwarded=draw(rarely),
        subject=WORD,
    )


@st.composite
def orders_known(draw: st.DrawFn, number: str) -> Order:
    """An order of somebody; of one who was forgotten neither person nor place is left."""
    owner = draw(people | st.none())
    lines = draw(st.lists(st.tuples(st.sampled_from(PRODUCTS), quantities), min_size=1, max_size=2, unique_by=str))
    state = draw(st.sampled_from([OrderState.PLACED, OrderState.PLACED, OrderState.HELD, *OrderState]))
    placed_at = draw(moments)
    made = an_order(*lines, owner=owner or ADA, number=number, state=state, arrived_at=draw(moments))
    made = replace(made, placed_at=placed_at, cancel_until=placed_at + timedelta(hours=24))
    return made if owner else replace(made, hashed_email=None, address_id=None, letter_id=None, source=number)


@st.composite
def mails_known(draw: st.DrawFn, token: str, orders: Sequence[Order]) -> QueuedMail:
    about = draw(st.none() | st.sampled_from(orders)) if orders else None
    results = [{"number": number} for number in NUMBERS[: draw(st.integers(0, 3))]]
    return our_mail(about, to=draw(people), token=token, facts=draw(st.sampled_from([{}, {"results": results}])))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    orders = [draw(orders_known(number)) for number in NUMBERS[: draw(st.integers(0, len(NUMBERS)))]]
    return known(
        *orders,
        mails=[draw(mails_known(str(token), orders)) for token in range(draw(st.integers(0, 3)))],
        products={one.key: replace(one, on_hand=draw(st.integers(0, 12))) for one in PRODUCTS},
        nearest=draw(st.sampled_from([lambda _: (), lambda _: (LAMP,)])),
        last_address=draw(st.dictionaries(people, st.just((NOW, STRANGE, "somewhere")))),
        answers=draw(st.dictionaries(people, st.integers(0, 4))),
        told=draw(st.sets(people)),
        slowed=draw(st.sets(people)),
        suppressed=set(draw(st.sampled_from([(), (), (), (BEN,)]))),
    )


def units(*orders: Order) -> Counter[str]:
    counted: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            counted[line.product_id] += line.quantity
    return counted


def to_customers(decision: Decision) -> list[Answer]:
    return [answer for answer in decision.answers if answer.role is None]


def takes(decision: Decision) -> list[Order]:
    """The orders that take goods off the shelf."""
    changed = decision.change.after if decision.change else None
    return [one for one in (decision.book, decision.release, changed) if one and one.state is OrderState.PLACED]


def gives_back(decision: Decision) -> list[Order]:
    """The orders whose goods come back to it."""
    return [*decision.cancel, *([decision.change.before] if decision.change else [])]


@settings(max_examples=100, deadline=None)
@given(cases(), facts(), st.sampled_from(CONFIGS))
def test_every_letter_gets_one_decision_that_can_be_written_down(asked: Case, facts: Facts, config: Config) -> None:
    decision = decide(asked, facts, config, NOW)
    changed = {name for name in ("book", "release", "cancel", "change", "suppress") if getattr(decision, name)}
    assert decision.reason
    assert changed <= CHANGES.get(decision.outcome, set())
    assert len(changed) <= 1
    answered = isinstance(asked.request, Ask) or (isinstance(asked.request, PlaceOrder) and asked.request.quote)
    assert decision.outcome is not Outcome.DONE or changed or answered
    assert not answered or changed <= {"book", "release"}
    assert decision == decide(asked, facts, config, NOW)


@settings(max_examples=100, deadline=None)
@given(cases(), facts(), st.sampled_from(CONFIGS))
def test_at_most_one_mail_a_letter_and_none_to_machines_and_nobody(asked: Case, facts: Facts, config: Config) -> None:
    mails = to_customers(decide(asked, facts, config, NOW))
    machine = isinstance(asked.request, Automatic | Bounced)
    unwanted = machine or asked.hashed_email is None or asked.hashed_email in facts.suppressed
    assert len(mails) <= (0 if unwanted else 1)


@settings(max_examples=100, deadline=None)
@given(cases(), facts())
def test_plain_facts_hold_no_word_of_the_letter(asked: Case, facts: Facts) -> None:
    decision = decide(asked, facts, CONFIG, NOW)
    for answer in decision.answers:
        plain = json.dumps(answer.facts) + answer.kind + str(answer.order_number)
        assert WORD not in plain
        assert "@" not in plain
    assert WORD not in decision.reason
    assert decision.book is None or WORD not in str(replace(decision.book, fingerprint=""))


@settings(max_examples=100, deadline=None)
@given(cases(), facts())
def test_nobody_reads_or_changes_the_order_of_anybody_else(asked: Case, facts: Facts) -> None:
    decision = decide(asked, facts, CONFIG, NOW)
    changed = [*decision.cancel, *takes(decision)]
    assert all(order.hashed_email == asked.hashed_email for order in changed)
    foreign = {number for number, order in facts.orders.items() if order.hashed_email != asked.hashed_email}
    # A hard bounce carries the token of a mail, which proves who got it.
    assert decision.order_number not in foreign or isinstance(asked.request, Bounced)
    for answer in decision.answers:
        assert answer.order_number not in foreign
        told: list[dict[str, Any]] = answer.facts.get("results", [])
        assert {result["state"] for result in told if result["number"] in foreign} <= {"unknown"}


@settings(max_examples=100, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=8), facts())
def test_a_batch_never_sells_more_than_there_is(batch: list[Case], facts: Facts) -> None:
    shelf = Counter({one.product_id: one.on_hand for one in facts.products.values()})
    for asked in batch:
        decision = decide(asked, facts, CONFIG, NOW)
        facts.absorb(asked, decision, NOW)
        shelf.subtract(units(*takes(decision)))
        shelf.update(units(*gives_back(decision)))
        assert min(shelf.values()) >= 0
        assert {one.product_id: one.on_hand for one in facts.products.values()} == shelf


@settings(max_examples=100, deadline=None)
@given(cases(), facts())
def test_what_is_booked_is_for_sale_at_our_price_and_goes_somewhere(asked: Case, facts: Facts) -> None:
    for order in takes(decide(asked, facts, CONFIG, NOW)):
        products = {one.product_id: one for one in facts.products.values()}
        assert order.lines
        assert order.address_id
        assert all(products[line.product_id].active and line.quantity > 0 for line in order.lines)
        if order.number == asked.number:
            assert all(line.unit_price == products[line.product_id].price for line in order.lines)


@settings(max_examples=100, deadline=None)
@given(cases(), facts(), st.sampled_from(CONFIGS))
def test_orders_are_cancelled_while_the_window_is_open_and_only_then(asked: Case, facts: Facts, config: Config) -> None:
    for order in decide(asked, facts, config, NOW).cancel:
        assert facts.orders[order.number].state is OrderState.PLACED
        assert asked.arrived_at <= order.cancel_until


@settings(max_examples=100, deadline=None)
@given(facts(), people, moments, st.sampled_from(NUMBERS))
def test_a_cancellation_inside_its_window_always_wins(facts: Facts, sender: str, at: Any, number: str) -> None:
    facts.suppressed.clear()
    facts.answers.clear()
    decision = decide(case(CancelOrder((number,)), sender, arrived_at=at), facts, CONFIG, NOW)
    order = facts.orders.get(number)
    inside = order is not None and at <= order.cancel_until
    own = order is not None and order.hashed_email == sender and order.state is OrderState.PLACED
    assert bool(decision.cancel) == (inside and own)
