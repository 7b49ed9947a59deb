"""The sums of days against sums in plain Python, and the proof against books that somebody has changed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.simulator.books import Books, Posted
from daemon.simulator.postbox import Received
from daemon.simulator.proof import Evidence, fingerprint, prove
from daemon.simulator.statement import Account, Booked, Judged, Mailed, state

DAYS = [date(2024, 2, 28) + timedelta(n) for n in range(4)]
NOON = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in DAYS]

moments = st.sampled_from(NOON)
orders = st.builds(
    Booked,
    st.text("abc", min_size=1, max_size=3),
    moments,
    st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(1, 99), st.integers(0, 9999)), min_size=1).map(tuple),
    st.none() | moments,
)
letters = st.builds(
    Judged,
    st.text("abc", min_size=1, max_size=3),
    moments,
    st.sampled_from(["done", "refused", "held"]),
    st.sampled_from(["a", "b"]),
)


@given(st.lists(letters), st.lists(orders), st.lists(st.builds(Mailed, moments, st.just("confirmation"))))
def test_a_day_is_the_sum_of_what_happened_on_it(
    letters: list[Judged], orders: list[Booked], mails: list[Mailed]
) -> None:
    account = Account(tuple(letters), tuple(orders), tuple(mails), 1000, dict.fromkeys(DAYS, 900), {})
    told = state(account, DAYS)
    for day, at in zip(DAYS, NOON, strict=True):
        figures = told.days[day]
        placed = [order for order in orders if order.placed_at == at]
        gone = [order for order in orders if order.cancelled_at == at]
        assert figures.letters == sum(one.at == at for one in letters)
        assert figures.orders == len(placed)
        assert figures.units == sum(n for order in placed for _, n, _ in order.wares)
        assert figures.cents == sum(n * price for order in placed for _, n, price in order.wares)
        assert (figures.cancelled, figures.units_back) == (len(gone), sum(n for one in gone for _, n, _ in one.wares))
        assert figures.mails == sum(one.at == at for one in mails)
        found = {(outcome, reason): n for outcome, told in figures.outcomes.items() for reason, n in told.items()}
        assert found == Counter((one.outcome, one.reason) for one in letters if one.at == at and one.outcome != "done")
    assert told.total.cents == sum(figures.cents for figures in told.days.values())
    assert told.total.letters == len(letters)
    assert [figures.stock_before for figures in told.days.values()] == [1000, 900, 900, 900]
    assert (told.total.stock_before, told.total.stock_after) == (1000, 900)


def agreeing() -> Evidence:
    """Books of one order and of one that was refused, with which everything is right."""
    account = Account(
        (Judged("1.order", NOON[0], "done", "placed"), Judged("2.order", NOON[1], "refused", "unknown_product")),
        (Booked("1.order", NOON[0], (("X", 2, 495),)),),
        (Mailed(NOON[0], "confirmation"), Mailed(NOON[1], "refusal")),
        10,
        {DAYS[0]: 8, DAYS[1]: 8},
        {"X": 8},
    )
    posted = [Posted("t1", "confirmation", True, "MO-1"), Posted("t2", "refusal", True, None)]
    received = {
        "t1": Received("t1", "1.order", "ada@mail.example", "Order MO-1 confirmed", "MO-1"),
        "t2": Received("t2", "2.order", "ben@mail.example", "Your order needs a second look", None),
    }
    books = Books(account, {"MO-1": "1.order"}, posted, [])
    return Evidence(account, books, received, 0, {"1.order": "ada@mail.example", "2.order": "ben@mail.example"})


def with_account(evidence: Evidence, **changes: object) -> Evidence:
    return replace(evidence, books=replace(evidence.books, account=replace(evidence.books.account, **changes)))


def broken(evidence: Evidence) -> str:
    return " | ".join(text for claim in prove(evidence, DAYS[:2]) for text in claim.differences)


def test_books_that_agree_are_proved() -> None:
    assert broken(agreeing()) == ""


ORDER = agreeing().expected.orders[0]
LETTERS = agreeing().expected.letters
FORGERIES: list[tuple[Callable[[Evidence], Evidence], str]] = [
    (lambda e: with_account(e, letters=LETTERS[:1]), "letter 2.order: not refused unknown_product"),
    (lambda e: with_account(e, letters=(*LETTERS, LETTERS[0])), "letter 1.order: but done placed"),
    (
        lambda e: with_account(e, letters=(LETTERS[0], replace(LETTERS[1], reason="no_items"))),
        "letter 2.order: but refused no_items",
    ),
    (lambda e: with_account(e, orders=()), "order 1.order: not 2 x X at 495"),
    (lambda e: with_account(e, orders=(replace(ORDER, wares=(("X", 2, 494),)),)), "cents 988 instead of 990"),
    (lambda e: with_account(e, orders=(replace(ORDER, cancelled_at=NOON[1]),)), "2024-02-29: cancelled 1 instead of 0"),
    (lambda e: with_account(e, orders=(ORDER, ORDER)), "order 1.order: but 2 x X at 495"),
    (lambda e: with_account(e, stock={"X": 7}), "product X: 7 on hand instead of 8"),
    (lambda e: with_account(e, stock={}), "product X: None on hand instead of 8"),
    (lambda e: with_account(e, closing={DAYS[0]: 10, DAYS[1]: 8}), "2024-02-28: stock_after 10 instead of 8"),
    (lambda e: with_account(e, mails=e.expected.mails[:1]), "mail refusal: not"),
    (lambda e: replace(e, received={"t2": e.received["t2"]}), "order MO-1 (letter 1.order) was not confirmed"),
    (lambda e: replace(e, received={"t1": e.received["t1"]}), "mail t2 (refusal) did not arrive"),
    (
        lambda e: replace(e, received=e.received | {"t1": replace(e.received["t1"], to="ben@mail.example")}),
        "was not confirmed",
    ),
    (
        lambda e: replace(e, received=e.received | {"t3": e.received["t1"]}),
        "mail t3 arrived, and the books do not know",
    ),
    (lambda e: replace(e, copies=1), "1 mails arrived more than once"),
    (lambda e: replace(e, books=replace(e.books, torn=[("X", 8, 9)])), "product X: 8 on hand, 9 by its movements"),
]


@pytest.mark.parametrize(("forge", "told"), FORGERIES, ids=[told for _, told in FORGERIES])
def test_whatever_is_wrong_in_the_books_is_told_without_naming_anybody(
    forge: Callable[[Evidence], Evidence], told: str
) -> None:
    found = broken(forge(agreeing()))
    assert told in found
    assert "@" not in found


def test_the_fingerprint_is_of_the_books_alone() -> None:
    account = agreeing().expected
    assert fingerprint(account) == fingerprint(replace(account, letters=account.letters[::-1]))
    for change in ({"letters": ()}, {"orders": ()}, {"mails": ()}, {"stock": {"X": 7}}):
        assert fingerprint(replace(account, **change)) != fingerprint(account)
