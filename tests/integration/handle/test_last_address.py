"""Where a parcel goes when the letter does not say: never where somebody else who used the name wanted one sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from daemon.handle import Desk, handle
from daemon.inbox.imap import Arrived
from store import orders
from tests.e2e.letters import LAMP, letter, order_of

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
ADA = "ada@customer.example"
UIDS = count(1)
PASS = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=customer.example\r\n"
MALLORY = ("Mallory", "13 Back Alley", "Denver, CO 80299")
HOME, AWAY = PASS + order_of(ADA, f"{LAMP}, 1"), order_of(ADA, f"{LAMP}, 2", home=MALLORY)
PLACED, ASKED = ("done", "placed"), ("refused", "no_address")
Split = Callable[[list[bytes]], list[list[bytes]]]


def again(quantity: int) -> bytes:
    return order_of(ADA, f"{LAMP}, {quantity}", home=())


def told(desk: Desk, batches: list[list[bytes]]) -> list[tuple[str, str]]:
    """What came of the letters, each of which arrived a minute after the one before."""
    outcomes = []
    for batch in batches:
        at = [(uid, raw) for raw in batch if (uid := next(UIDS))]
        arrived = [
            Arrived("orders", 7, uid, NOW + timedelta(minutes=uid), len(raw), raw, whole=True) for uid, raw in at
        ]
        outcomes += [(one.outcome.value, one.reason) for one in handle(desk, arrived, arrived[-1].arrived_at)]
    return outcomes


def last_recipient(desk: Desk) -> str:
    with desk.shop.reading() as connection:
        latest = max(orders.listing(connection), key=lambda order: order.arrived_at)
    assert latest.address_id is not None
    return desk.vault.addresses([latest.address_id])[latest.address_id].name


@pytest.fixture(params=[lambda letters: [letters], lambda letters: [[one] for one in letters]], ids=["one", "many"])
def split(request: pytest.FixtureRequest) -> Split:
    """The letters in one batch, or each in a batch of its own."""
    chosen: Split = request.param
    return chosen


def test_a_forged_order_does_not_send_the_next_real_parcel_elsewhere(desk: Desk, split: Split) -> None:
    assert told(desk, split([HOME, AWAY, PASS + again(3)])) == [PLACED] * 3
    assert last_recipient(desk) == "Ada Lovelace"


def test_who_never_told_an_address_that_is_proven_is_asked_for_it(desk: Desk, split: Split) -> None:
    assert told(desk, split([AWAY, PASS + again(3)])) == [PLACED, ASKED]


def test_without_a_verdict_the_last_address_serves_as_ever(desk: Desk, split: Split) -> None:
    assert told(desk, split([AWAY, again(3)])) == [PLACED, PLACED]
    assert last_recipient(desk) == "Mallory"


def test_an_order_that_the_batch_also_names_is_known_to_be_proven(desk: Desk) -> None:
    assert told(desk, [[HOME], [AWAY]]) == [PLACED, PLACED]
    with desk.shop.reading() as connection:
        away, home = (order.number for order in orders.listing(connection))
    late = [letter("eve@customer.example", f"cancel {number}") for number in (home, away)]
    assert told(desk, [[*late, PASS + again(3)]])[-1] == PLACED
    assert last_recipient(desk) == "Ada Lovelace"
