"""Random dealings with the store beside a ten-line model of the books: any difference fails."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from store_makers import LAMP, MUG, NOW, an_order, later, line, stock

from store import catalogue, orders
from store.catalogue import OutOfStock
from store.database import Database, ForbiddenError, History, open_database
from store.facts import Movement, MovementReason, Order, OrderState, Product

PRODUCTS = [LAMP, MUG]
few = st.integers(1, 6)


class Books(RuleBasedStateMachine):
    """The model: what is on each shelf, and the state of each order."""

    database: Database
    known = Bundle("known")

    @initialize()
    def opening(self) -> None:
        self.shelf = {one.product_id: one.on_hand for one in PRODUCTS}
        self.states: dict[str, OrderState] = {}
        with self.database.transaction() as conn:
            stock(conn)

    @rule(target=known, lamps=few, mugs=few, state=st.sampled_from([OrderState.PLACED, OrderState.HELD]))
    def order(self, lamps: int, mugs: int, state: OrderState) -> Order:
        made = an_order(line(LAMP, lamps), line(MUG, mugs), state=state)
        enough = self.enough(made) or state is OrderState.HELD
        try:
            with self.database.transaction() as conn:
                orders.book(conn, [made])
            assert enough
        except OutOfStock:
            assert not enough
            return made
        self.states[made.number] = state
        if state is OrderState.PLACED:
            self.shift(made, -1)
        return made

    @rule(lamps=few, mugs=few, taking=st.booleans())
    def take_over(self, lamps: int, mugs: int, taking: bool) -> None:
        """An order of the past, twice: the second time it is refused, as is one whose goods are not there."""
        made = an_order(
            line(LAMP, lamps), line(MUG, mugs), state=OrderState.FULFILLED, closed_at=NOW, letter_id=None, source="file"
        )
        made = replace(made, source=made.number)
        enough = self.enough(made) or not taking
        for attempt in range(2):
            try:
                with self.database.transaction() as conn:
                    orders.book_past(conn, [made], NOW if taking else None)
                assert enough
                assert attempt == 0
                self.states[made.number] = OrderState.FULFILLED
                if taking:
                    self.shift(made, -1)
            except OutOfStock:
                assert not enough
            except ForbiddenError:
                assert enough
                assert attempt == 1

    @rule(one=known)
    def release(self, one: Order) -> None:
        held = self.states.get(one.number) is OrderState.HELD
        try:
            with self.database.transaction() as conn:
                assert orders.release(conn, one.number, NOW, later(hours=24)) == held
        except OutOfStock:
            assert held
            assert not self.enough(one)
            return
        if held:
            self.states[one.number] = OrderState.PLACED
            self.shift(one, -1)

    @rule(one=known)
    def cancel(self, one: Order) -> None:
        placed = self.states.get(one.number) is OrderState.PLACED
        with self.database.transaction() as conn:
            assert orders.cancel(conn, [one.number], NOW, "test") == ([one.number] if placed else [])
        if placed:
            self.states[one.number] = OrderState.CANCELLED
            self.shift(one, 1)

    @rule(one=consumes(known))
    def begin_to_cancel_and_break_off(self, one: Order) -> None:
        def break_off() -> None:
            with self.database.transaction() as conn:
                orders.cancel(conn, [one.number], NOW, "test")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            break_off()

    @rule(product=st.sampled_from(PRODUCTS), quantity=st.integers(-4, 4).filter(bool))
    def correct(self, product: Product, quantity: int) -> None:
        moved = Movement(product.product_id, quantity, MovementReason.CORRECTION, NOW, "test")
        lacking = self.shelf[product.product_id] + quantity < 0
        with self.database.transaction() as conn:
            if lacking:
                with pytest.raises(OutOfStock):
                    catalogue.move(conn, [moved])
            else:
                catalogue.move(conn, [moved])
                self.shelf[product.product_id] += quantity

    @invariant()
    def books_are_right(self) -> None:
        with self.database.reading() as conn:
            assert catalogue.differences(conn) == []
            on_hand = {
                one.product_id: one.on_hand for one in catalogue.products(conn, [one.key for one in PRODUCTS]).values()
            }
            assert on_hand == getattr(self, "shelf", {})
            assert {one.number: one.state for one in orders.listing(conn, limit=1_000)} == getattr(self, "states", {})

    def enough(self, one: Order) -> bool:
        return all(self.shelf[each.product_id] >= each.quantity for each in one.lines)

    def shift(self, one: Order, sign: int) -> None:
        for each in one.lines:
            self.shelf[each.product_id] += sign * each.quantity

    def teardown(self) -> None:
        self.database.close()


def test_the_books_are_those_of_the_model(new_url: Callable[[History | None], str]) -> None:
    class FreshBooks(Books):
        def __init__(self) -> None:
            self.database = open_database(new_url("shop"), "shop", 5)
            super().__init__()

    bounds = settings(
        max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(FreshBooks, settings=bounds)  # type: ignore[no-untyped-call]
