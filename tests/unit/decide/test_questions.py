"""Questions decided: how much is told to whom, which listing goes on, what can still be done with a past order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.config import Config
from daemon.config.browsing import BrowsingConfig
from daemon.decide import Case, Facts, decide
from daemon.decide.asked import Asked, Suggested, Wanted
from daemon.decide.browsing import SHORT_PAGE, listing_of, terms_of
from daemon.decide.recommending import keys_named
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, Fault, Reason
from recommend.shapes import Source
from store.facts import JSON, Listing, OrderState, Outcome, Page
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    LAMP,
    NOW,
    NUMBER,
    OLD_RUG,
    POT,
    ago,
    an_order,
    case,
    known,
    later,
    our_mail,
    the_answer,
    unchanged,
    wants,
)

CATALOG, UNDER, MORE = Ask(AskKind.CATALOG), Ask(AskKind.PRODUCTS_UNDER, cents=2000), Ask(AskKind.MORE)
PLACE: JSON = {"terms": ["pot"], "cents": None, "inclusive": False, "best_first": True, "after": [3, "P"]}


def asking(request: Ask, verdict: Verdict = Verdict.PASS, **said: object) -> Case:
    return case(request, verdict=verdict, **said)  # type: ignore[arg-type]


def told(asked: Case, facts: Facts) -> JSON:
    decision = decide(asked, facts, CONFIG, NOW)
    assert unchanged(decision)
    return the_answer(decision).facts


# Pages


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        (asking(CATALOG), 10),
        (asking(CATALOG, Verdict.NONE), SHORT_PAGE),
        (asking(CATALOG, Verdict.NONE, answering=["mail"]), 10),
        (asking(CATALOG, Verdict.NONE, answering=["elsewhere"]), SHORT_PAGE),
        (asking(CATALOG, Verdict.NONE, sender=BEN, answering=["mail"]), SHORT_PAGE),
        (asking(CATALOG, Verdict.NONE, released=True), 10),
    ],
)
def test_only_who_is_believed_gets_a_whole_page(asked: Case, size: int) -> None:
    """By the domain that vouches, or because only she was sent the mail that is answered."""
    listing = listing_of(asked, CATALOG, known(mails=[our_mail()]).threads, CONFIG)
    assert listing == Listing(size)


def test_the_order_of_a_listing_is_the_shops_choice() -> None:
    best = Config.model_construct(browsing=BrowsingConfig(order="best_seller", page=3))
    assert listing_of(asking(UNDER), UNDER, {}, best) == Listing(3, cents=2000, best_first=True)


def test_more_goes_on_where_the_answered_mail_ended() -> None:
    threads = known(mails=[our_mail(kind="products", facts={"more": PLACE})]).threads
    asked = asking(MORE, Verdict.NONE, answering=["mail"])
    assert listing_of(asked, MORE, threads, CONFIG) == Listing(10, ("pot",), best_first=True, after=(3, "P"))


@pytest.mark.parametrize("facts", [{"more": None}, {}], ids=["the end of it", "another mail"])
def test_more_of_what_has_no_more_is_asked_back(facts: JSON) -> None:
    asked = asking(MORE, answering=["mail"])
    assert decide(asked, known(mails=[our_mail(facts=facts)]), CONFIG, NOW).reason == "more_of_what"


def test_what_letters_of_this_batch_took_is_not_offered_any_more() -> None:
    page = Page((LAMP, POT), (450, POT.product_id))
    facts = known(asked=Asked(pages={Listing(10): page}))
    facts.products[LAMP.key] = replace(LAMP, on_hand=0)
    shown = told(asking(CATALOG), facts)
    assert [one["product_id"] for one in shown["products"]] == [POT.product_id]
    assert shown["more"]["after"] == [450, POT.product_id]


@pytest.mark.parametrize(
    ("written", "terms"),
    [
        ("", ()),
        ("Lamps", ("lamp",)),
        ("the Brass Lamps for my desk", ("brass", "lamp", "desk")),
        ("glass", ("glass",)),
        ("Crème brûlée", ("creme", "brulee")),
        ("bj02-r0g7 2u8v", ("bj02", "r0g7", "2u8v")),
        ("lamp lamp LAMP", ("lamp",)),
        ("one two three four five six", ("one", "two", "three", "four", "five")),
        ("%_'; --", ()),
    ],
)
def test_what_is_looked_for(written: str, terms: tuple[str, ...]) -> None:
    assert terms_of(written) == terms


# Past orders


@pytest.mark.parametrize(
    ("said", "can"),
    [
        ({}, True),
        ({"cancel_until": NOW}, True),
        ({"cancel_until": ago(seconds=1)}, False),
        ({"state": OrderState.FULFILLED}, False),
        ({"state": OrderState.CANCELLED, "closed_at": NOW}, False),
        ({"state": OrderState.HELD}, False),
        ({"placed_at": NOW, "cancel_until": NOW}, False),
    ],
)
def test_a_link_to_cancel_stands_only_where_that_is_possible(said: dict[str, object], can: bool) -> None:
    order = replace(an_order(placed_at=ago(hours=1), cancel_until=later(hours=1)), **said)  # type: ignore[arg-type]
    (shown,) = told(asking(Ask(AskKind.STATUS, NUMBER)), known(order))["orders"]
    assert (shown["cancel_until"] is not None) == can


def test_what_is_retired_or_sold_out_is_not_ordered_again() -> None:
    order = an_order((LAMP, 2), (POT, 4), (OLD_RUG, 1))
    (shown,) = told(asking(Ask(AskKind.STATUS, NUMBER)), known(order))["orders"]
    assert shown["again"] == [{"product_id": LAMP.product_id, "quantity": 2}]
    assert not shown["complete"]


def test_history_and_this_batch_are_told_as_one() -> None:
    old, cancelled = an_order(number="MO-OLD", arrived_at=ago(days=2)), an_order(number="MO-NEW")
    facts = known(asked=Asked(histories={ADA: [old, replace(cancelled, state=OrderState.PLACED)]}))
    facts.orders["MO-NEW"] = replace(cancelled, state=OrderState.CANCELLED, closed_at=NOW)
    facts.orders["MO-HIS"] = an_order(number="MO-HIS", owner=BEN)
    shown = told(asking(Ask(AskKind.MY_ORDERS)), facts)["orders"]
    assert [(one["number"], one["state"]) for one in shown] == [("MO-NEW", "cancelled"), ("MO-OLD", "placed")]


def test_where_an_order_goes_is_told_to_a_proven_sender_and_of_one_order_only() -> None:
    order = an_order()
    one, two = Ask(AskKind.STATUS, NUMBER), Ask(AskKind.STATUS, f"{NUMBER} MO-2222-3333")
    other = replace(order, number="MO-2222-3333")
    assert told(asking(one), known(order))["address_id"] == order.address_id
    assert "address_id" not in told(asking(one, Verdict.NONE), known(order))
    assert "address_id" not in told(
        asking(one, Verdict.NONE, answering=["mail"]), known(order, mails=[our_mail(order)])
    )
    assert "address_id" not in told(asking(two), known(order, other))


def test_too_many_numbers_are_asked_back() -> None:
    many = " ".join(f"MO-2222-22{a}{b}" for a in "23456" for b in "23456")
    assert decide(asking(Ask(AskKind.STATUS, many)), known(), CONFIG, NOW).reason == "too_many_orders"


# Suggestions


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("", ()),
        ("bj02-r0g7-2u8v", ("BJ02R0G72U8V",)),
        ("BJ02 R0G7 2U8V", ("BJ02R0G72U8V", "BJ02", "R0G7", "2U8V")),
        ("BJ02R0G72U8V, 7B4VYMBRQNAR", ("BJ02R0G72U8V7B4VYMBRQNAR", "BJ02R0G72U8V", "7B4VYMBRQNAR")),
    ],
)
def test_products_are_named_by_each_word_and_by_all_together(written: str, keys: tuple[str, ...]) -> None:
    assert keys_named(Ask(AskKind.RECOMMEND, written)) == keys


def test_nobody_is_told_of_her_past_by_what_is_suggested_to_who_only_claims_to_be_her() -> None:
    hers = Suggested(POT, Source.RULE, ("Lamp",), 4, 10)
    best = Suggested(LAMP, Source.BEST_SELLER)
    facts = known(asked=Asked(suggested={Wanted((), ADA, ADA): [hers], Wanted((), None, ADA): [best]}))
    ask = Ask(AskKind.RECOMMEND)
    proven, claimed = told(asking(ask), facts), told(asking(ask, Verdict.NONE), facts)
    assert [one["after"] for one in proven["suggestions"]] == [["Lamp"]]
    assert [one["product_id"] for one in claimed["suggestions"]] == [LAMP.product_id]
    assert (proven["from_history"], claimed["from_history"]) == (True, False)


# Prices


def test_what_only_an_order_needs_does_not_stand_against_a_price() -> None:
    beside = tuple(Fault(1, "x", reason) for reason in (Reason.QUESTION, Reason.TWO_ADDRESSES, Reason.CONDITION))
    decision = decide(case(wants((LAMP, 2), quote=True, faults=beside)), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "quoted")
    corrected = the_answer(decision).words["corrected"]
    assert (corrected["total"], corrected["ship_to"], corrected["blank_address"]) == (2 * LAMP.price, None, True)


def test_a_quote_with_faults_is_refused_by_name() -> None:
    cut_off = (Fault(None, "", Reason.CUT_OFF),)
    decision = decide(case(wants((LAMP, 200), quote=True, faults=cut_off)), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "cut_off")
    assert [one["reason"] for one in the_answer(decision).words["faults"]] == ["cut_off", "not_enough_stock"]


def test_a_price_is_told_to_whoever_asks_long_ago() -> None:
    """Orders that waited for days are asked about first; a question is not."""
    asked = case(wants((LAMP, 1), quote=True), arrived_at=NOW - timedelta(days=30))
    assert decide(asked, known(), CONFIG, NOW).reason == "quoted"


@pytest.mark.parametrize(("verdict", "shown", "hidden"), [(Verdict.PASS, 30, None), (Verdict.NONE, 20, 10)])
def test_a_long_quote_is_shortened_for_who_may_not_have_asked(verdict: Verdict, shown: int, hidden: int | None) -> None:
    goods = [replace(LAMP, product_id=f"T{n:02}AND0THING") for n in range(30)]
    facts = known(products={one.key: one for one in goods})
    decision = decide(case(wants(*((one, 1) for one in goods), quote=True), verdict=verdict), facts, CONFIG, NOW)
    corrected = the_answer(decision).words["corrected"]
    assert (len(corrected["items"]), corrected.get("hidden"), corrected["total"]) == (shown, hidden, 30 * LAMP.price)


# What is said besides


@pytest.mark.parametrize("kind", [AskKind.STOP, AskKind.CATALOG, AskKind.MY_ORDERS])
@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NONE])
def test_what_is_said_beside_a_question_is_passed_on_and_the_question_answered(kind: AskKind, verdict: Verdict) -> None:
    alone = decide(asking(Ask(kind), verdict), known(), CONFIG, NOW)
    both = decide(asking(Ask(kind, beside="complaint"), verdict), known(), CONFIG, NOW)
    assert both.answers[: len(alone.answers)] == alone.answers
    assert [answer.kind for answer in both.answers[len(alone.answers) :]] == ["forward", "passed_on"]
    assert both.answers[-2].with_letter
    assert (both.outcome, both.offers) == (alone.outcome, alone.offers)
    again = decide(asking(Ask(kind, beside="complaint"), verdict), known(told={ADA}), CONFIG, NOW)
    assert [answer.kind for answer in again.answers[len(alone.answers) :]] == ["forward"]


def test_a_quote_is_given_and_the_rest_of_its_letter_passed_on() -> None:
    decision = decide(asking(replace(wants((LAMP, 1)), quote=True, beside="prose")), known(), CONFIG, NOW)  # type: ignore[arg-type]
    assert [answer.kind for answer in decision.answers] == ["quote", "forward", "passed_on"]
