"""Minings and the rules they leave: one runs at a time, and its rules come into force all at once or not at all."""

import threading
from datetime import timedelta

import pytest
from store_makers import LAMP, MUG, NOW, an_order, later, line, stock

from store import baskets, orders, rules
from store.database import Connection, Database
from store.facts import Bought, Evidence, Found, KeptRule, Mining, MiningState, OrderState, Popular
from store.rules import NotOurTurnError


def rule(antecedent: str, consequent: str, evidence: Evidence = Evidence.RULE) -> KeptRule:
    return KeptRule(tuple(antecedent.split()), consequent, evidence, 3, 4, 5, 0.25)


def found(*kept: KeptRule, products: int = 2) -> Found:
    return Found(kept, [Popular(f"P{number}", 9 - number, 3, 1) for number in range(products)], baskets=7)


def begin(conn: Connection, owner: str = "one", **later_by: float) -> Mining:
    now = NOW + timedelta(**later_by)
    return rules.begin(conn, owner, later(days=-700), {"months": 24}, now, now + timedelta(hours=1))


def put_in_force(shop: Database, what: Found, owner: str = "one") -> Mining:
    with shop.transaction() as conn:
        begun = begin(conn, owner)
    with shop.claiming() as conn:
        return rules.replace(conn, begun, rules.pack(what), later(minutes=1))


def test_what_was_found_comes_into_force_as_it_was(shop: Database) -> None:
    kept = [rule("A B", "C"), rule("B", "A"), rule("C", "B", Evidence.PAIR)]
    with shop.reading() as conn:
        assert (rules.version(conn), rules.in_force(conn), list(rules.rules(conn))) == (None, None, [])
    mining = put_in_force(shop, found(*kept))
    with shop.reading() as conn:
        assert rules.in_force(conn) == mining
        assert (mining.state, mining.baskets, mining.rules, mining.pairs) == (MiningState.IN_FORCE, 7, 2, 1)
        assert (mining.started_at, mining.finished_at) == (NOW, later(minutes=1))
        assert list(rules.rules(conn)) == kept
        assert list(rules.rules(conn, Evidence.PAIR)) == kept[2:]
        assert [one.product_id for one in rules.popular(conn)] == ["P0", "P1"]
        assert rules.version(conn) == mining.id


def test_new_rules_replace_all_of_the_old_and_have_another_version(shop: Database) -> None:
    first = put_in_force(shop, found(rule("A", "B"), rule("B", "A")))
    second = put_in_force(shop, found(rule("C", "D"), products=1), "two")
    with shop.reading() as conn:
        assert list(rules.rules(conn)) == [rule("C", "D")]
        assert [one.product_id for one in rules.popular(conn)] == ["P0"]
        assert rules.version(conn) == second.id != first.id
        assert [one.state for one in rules.latest(conn, 5)] == [MiningState.IN_FORCE, MiningState.REPLACED]


def test_nothing_found_is_put_in_force_too(shop: Database) -> None:
    put_in_force(shop, found(rule("A", "B")))
    put_in_force(shop, Found([], [], 0), "two")
    with shop.reading() as conn:
        assert list(rules.rules(conn)) == list(rules.popular(conn)) == []
        assert rules.in_force(conn) is not None


def test_a_reader_sees_all_of_the_old_rules_or_all_of_the_new(shop: Database) -> None:
    """Generations of rules replace each other while others read; no reading ever mixes two or finds a gap."""
    size, generations, seen = 300, 12, set[str]()
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            with shop.reading() as conn:
                version = rules.version(conn)
                kept = [one.consequent for one in rules.rules(conn)]
                named = {one.product_id for one in rules.popular(conn)}
            if len(kept) != size or {*kept} != named or named != {f"G{version}"}:
                wrong.append(f"{version}: {len(kept)} rules of {sorted({*kept})}, products {sorted(named)}")
            seen.update(kept)

    def generation(number: int) -> Found:
        name = f"G{number}"
        return Found([rule(f"A{place}", name) for place in range(size)], [Popular(name, 1, 1, 0)], 1)

    put_in_force(shop, generation(1))
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2, generations):
        assert put_in_force(shop, generation(number)).id == number
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(seen) >= 2


def test_a_replacement_that_breaks_off_leaves_the_old_rules(shop: Database) -> None:
    before = put_in_force(shop, found(rule("A", "B")))
    with shop.transaction() as conn:
        begun = begin(conn, "two")

    def break_off() -> None:
        with shop.claiming() as conn:
            rules.replace(conn, begun, rules.pack(found(rule("C", "D"))), later(minutes=2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with shop.reading() as conn:
        assert list(rules.rules(conn)) == [rule("A", "B")]
        assert rules.in_force(conn) == before


def test_only_one_runs_at_a_time(shop: Database) -> None:
    with shop.transaction() as conn:
        first = begin(conn)
        assert begin(conn, "two", minutes=59) == first
        assert rules.running(conn) == first
        assert len(rules.latest(conn, 5)) == 1


def test_one_that_was_not_heard_of_in_time_is_given_up_and_cannot_finish_any_more(shop: Database) -> None:
    with shop.transaction() as conn:
        dead = begin(conn)
        second = begin(conn, "two", hours=1)
        assert (second.owner, second.state) == ("two", MiningState.RUNNING)
        assert rules.latest(conn, 2)[1].reason == "not_heard_of"
    with shop.claiming() as conn:
        with pytest.raises(NotOurTurnError):
            rules.replace(conn, dead, rules.pack(found(rule("A", "B"))), NOW)
        assert list(rules.rules(conn)) == []
        assert rules.replace(conn, second, rules.pack(found(rule("C", "D"))), NOW).state is MiningState.IN_FORCE


def test_one_whose_turn_is_over_changes_nothing(shop: Database) -> None:
    before = put_in_force(shop, found(rule("A", "B")))
    with shop.transaction() as conn:
        begun = begin(conn, "two")
        assert rules.fail(conn, "two", "MemoryError", NOW)
    with shop.claiming() as conn, pytest.raises(NotOurTurnError):
        rules.replace(conn, begun, rules.pack(found(rule("C", "D"))), NOW)
    with shop.reading() as conn:
        assert rules.in_force(conn) == before
        assert list(rules.rules(conn)) == [rule("A", "B")]


def test_failing_is_said_once_and_by_the_owner_alone(shop: Database) -> None:
    with shop.transaction() as conn:
        begin(conn)
        assert not rules.fail(conn, "somebody", "none of theirs", NOW)
        assert rules.fail(conn, "one", "MemoryError", NOW)
        assert not rules.fail(conn, "one", "again", NOW)
        assert rules.latest(conn)[0].reason == "MemoryError"


def test_rules_that_name_a_product_on_either_side_and_no_product_like_it(shop: Database) -> None:
    kept = [
        rule("A_1 B", "C"),
        rule("C", "A_1"),
        rule("AX1", "C"),
        rule("A_12", "C"),
        rule("XA_1", "D"),
        rule("B", "C%"),
    ]
    put_in_force(shop, found(*kept))
    with shop.reading() as conn:
        assert list(rules.rules(conn, product_id="A_1")) == kept[:2]
        assert list(rules.rules(conn, product_id="B")) == [kept[0], kept[5]]
        assert list(rules.rules(conn, product_id="%")) == []


def test_baskets_are_of_orders_that_stand_since_a_moment_oldest_first(shop: Database) -> None:
    closed = {"state": OrderState.FULFILLED, "closed_at": NOW}
    early = an_order(line(LAMP, 1), line(MUG, 1), placed_at=later(days=-9), **closed)
    nobodys = an_order(line(MUG, 1), placed_at=later(days=-5), hashed_email=None, letter_id=None, source="s", **closed)
    too_old = an_order(placed_at=later(days=-11), **closed)
    held = an_order(state=OrderState.HELD)
    today = an_order(line(MUG, 1))
    gone = an_order()
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [today, gone, held, too_old, early])
        orders.book_past(conn, [nobodys])
        orders.cancel(conn, [gone.number], NOW, "test")
        since = later(days=-10)
        read = list(baskets.stream(conn, since))
        assert baskets.count(conn, since) == len(read)
    assert [set(one.product_ids) for one in read] == [
        {LAMP.product_id, MUG.product_id},
        {MUG.product_id},
        {MUG.product_id},
    ]
    assert read[1] == Bought(later(days=-5), None, (MUG.product_id,))
    assert [one.hashed_email for one in read] == ["ada", None, "ada"]


def test_who_bought_again_came_on_another_day(shop: Database) -> None:
    past = {"state": OrderState.FULFILLED, "closed_at": NOW, "letter_id": None}
    bought = [("ada", 3), ("ada", 3), ("ben", 3), ("ben", 2), ("cleo", 1), (None, 3), (None, 2)]
    with shop.transaction() as conn:
        stock(conn)
        orders.book_past(
            conn,
            [
                an_order(line(MUG, 1), hashed_email=who, placed_at=later(days=-days), source=f"s{place}", **past)
                for place, (who, days) in enumerate(bought)
            ],
        )
        assert baskets.bought_again(conn, later(days=-9)) == {MUG.product_id: (3, 1)}
        assert baskets.bought_again(conn, later(days=-2.5)) == {MUG.product_id: (2, 0)}
