"""Who writes what and when: seeded, and on the days that were meant."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.simulator.days import Act, Wish, days_to_play, looks, next_look, plan
from daemon.simulator.purchases import Purchase
from store.facts import product_key

IDS = ["BJ02R0G72U8V", "7B4VYMBRQNAR", "MVSNWNFRBHPJ", "2X4PINEBOARD", "A1"]
PRODUCTS = {product_key(one) for one in IDS}
FIRST = date(2024, 2, 27)

wares = st.lists(st.tuples(st.sampled_from(IDS), st.integers(1, 40)), min_size=1, max_size=4).map(tuple)
purchases = st.lists(
    st.builds(
        Purchase,
        st.integers(0, 30).map(lambda days: FIRST + timedelta(days)),
        st.sampled_from(["ada@mail.example", "ben@mail.example"]),
        st.just("02134"),
        wares,
    ),
    max_size=40,
)


@given(purchases)
def test_without_a_seed_every_purchase_is_one_order_on_its_day(bought: list[Purchase]) -> None:
    acts = plan(bought, None, PRODUCTS)
    found = [(act.at.date(), act.customer.email, act.wares, act.wish) for act in acts]
    assert sorted(found) == sorted((one.day, one.email, one.wares, Wish.ORDER) for one in bought)
    assert all(act.customer.town.endswith(" 02134") for act in acts)


@given(purchases, st.integers())
def test_the_same_seed_plans_the_same_letters(bought: list[Purchase], seed: int) -> None:
    acts = plan(bought, seed, PRODUCTS)
    assert acts == plan(bought, seed, PRODUCTS)
    assert len({act.key for act in acts}) == len(acts)
    assert acts == sorted(acts, key=lambda act: act.at)


@given(purchases, st.integers())
def test_what_goes_wrong_with_one_purchase_does_not_depend_on_the_others(bought: list[Purchase], seed: int) -> None:
    all_acts, some = plan(bought, seed, PRODUCTS), plan(bought[:7], seed, PRODUCTS)
    assert set(some) <= set(all_acts)


@given(purchases, st.integers())
def test_every_mishap_is_what_it_is_called(bought: list[Purchase], seed: int) -> None:
    acts = {act.key: act for act in plan(bought, seed, PRODUCTS)}
    for act in acts.values():
        assert not act.about or acts[act.about].at < act.at
        if act.wish is Wish.CANCEL:
            assert in_time(act, acts) or hours_after_booking(act, acts) > 25
        if ".typo" in act.key:
            assert any(product_key(one) not in PRODUCTS for one, _ in act.wares)
            assert acts[act.key.replace("typo", "order")].at > next_look(act.at)
        if ".again" in act.key:
            assert act.at - acts[act.key.replace("again", "order")].at < timedelta(minutes=10)


def in_time(act: Act, acts: dict[str, Act]) -> bool:
    return 0 < hours_after_booking(act, acts) < 24


def hours_after_booking(act: Act, acts: dict[str, Act]) -> float:
    return (act.at - next_look(acts[act.about].at)).total_seconds() / 3600


def test_a_seed_brings_every_mishap_and_leaves_most_orders_alone() -> None:
    bought = [Purchase(FIRST, f"n{n}@mail.example", "02134", ((IDS[0], 1),)) for n in range(2000)]
    acts = plan(bought, 1, PRODUCTS)
    seen = {act.key.rpartition(".")[2] for act in acts}
    assert seen == {"order", "again", "yes", "repeat", "cancel", "nonsense", "typo"}
    assert 2000 < len(acts) < 2600


@given(st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31)))
def test_a_letter_is_read_on_the_day_it_arrives(at: datetime) -> None:
    at = at.replace(microsecond=0, tzinfo=next(looks(FIRST)).tzinfo)
    assert at <= next_look(at)
    assert next_look(at).date() == at.date()


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (None, None, (date(2024, 2, 28), date(2024, 3, 2), 4)),
        (None, 2, (date(2024, 2, 28), date(2024, 2, 29), 2)),
        (None, 100, (date(2024, 2, 28), date(2024, 3, 2), 4)),
        (date(2024, 3, 1), None, (date(2024, 3, 1), date(2024, 3, 2), 2)),
        (date(2024, 2, 1), 3, (date(2024, 2, 1), date(2024, 2, 3), 3)),
    ],
)
def test_the_days_go_without_a_gap_to_the_last_purchase(
    start: date | None, count: int | None, expected: tuple[date, date, int]
) -> None:
    bought = [Purchase(day, "a@mail.example", "1", ((IDS[0], 1),)) for day in (date(2024, 2, 28), date(2024, 3, 2))]
    days = days_to_play(bought, start, count)
    assert (days[0], days[-1], len(days)) == expected


def test_after_the_last_purchase_there_is_nothing_to_play() -> None:
    bought = [Purchase(FIRST, "a@mail.example", "1", ((IDS[0], 1),))]
    assert days_to_play(bought, date(2024, 3, 1), None) == []
    assert days_to_play([], None, 5) == []
