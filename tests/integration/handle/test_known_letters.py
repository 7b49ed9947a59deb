"""Letters that the books know already: met again, copied, sent round again, broken the second time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from daemon.config import Config, MailboxConfig
from daemon.handle import Desk, handle
from daemon.handle.staff import send_round_again
from daemon.inbox.imap import Arrived
from store import catalogue, letters
from store.database import Database
from store.facts import Outcome, Product
from store.vault import Vault, load_key
from tests.e2e.letters import LAMP, letter, order_of

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
ADA = "ada@customer.example"
UIDS = count(1)
FAIL = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=customer.example\r\n"


@pytest.fixture
def desk(shop: Database, vault_database: Database, tmp_path: Path) -> Desk:
    with shop.transaction() as connection:
        catalogue.add(connection, [Product(LAMP, "Lamp", "", price=1999, on_hand=10)], "test", NOW)
    config = Config(mailbox={"orders": MailboxConfig(user="demo", authserv_id="mx.shop.example")})
    return Desk(shop, Vault(vault_database, load_key(tmp_path / "vault.key", vault_database)), config)


def arrived(raw: bytes, at: datetime = NOW) -> Arrived:
    return Arrived("orders", 7, next(UIDS), at, len(raw), raw, whole=True)


def told(desk: Desk, *batch: Arrived, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(one.outcome.value, one.reason) for one in handle(desk, batch, now)]


def kept(desk: Desk) -> list[tuple[str, str, bool]]:
    with desk.shop.reading() as connection:
        return sorted((one.outcome.value, one.reason, one.reopened) for one in letters.listing(connection))


def ask(desk: Desk, query: str) -> object:
    with desk.shop.reading() as connection:
        return connection.execute(text(query)).scalar()


def without_key(desk: Desk) -> Desk:
    """A desk at which every letter that has a sender breaks the code."""
    return replace(desk, vault=Vault(desk.vault.database, None))  # type: ignore[arg-type]


def failed(desk: Desk, one: Arrived) -> str:
    assert told(without_key(desk), one) == [("failed", "TypeError")]
    with desk.shop.reading() as connection:
        return letters.listing(connection, Outcome.FAILED)[0].letter_id


def test_a_letter_that_had_its_effect_is_not_set_aside_when_it_breaks_the_code_later(desk: Desk) -> None:
    one = arrived(order_of(ADA, f"{LAMP}, 2"))
    assert told(desk, one) == [("done", "placed")]
    assert told(without_key(desk), one) == [("done", "placed")]
    assert kept(desk) == [("done", "placed", False)]
    assert ask(desk, "SELECT count(*) FROM outbox WHERE kind = 'alert'") == 0


def test_what_fails_again_is_told_again_and_waits_for_the_operator(desk: Desk) -> None:
    raw = order_of(ADA, f"{LAMP}, 2")
    name = failed(desk, arrived(raw))
    send_round_again(desk, name, Outcome.FAILED, NOW)
    assert failed(desk, arrived(raw)) == name
    assert kept(desk) == [("failed", "TypeError", False)]
    assert ask(desk, "SELECT count(*) FROM outbox WHERE kind = 'alert'") == 2


def test_a_letter_that_failed_is_judged_like_any_other_when_it_comes_round(desk: Desk) -> None:
    raw = FAIL + order_of(ADA, f"{LAMP}, 2")
    send_round_again(desk, failed(desk, arrived(raw)), Outcome.FAILED, NOW)
    assert told(desk, arrived(raw)) == [("held", "sender_not_believed")]


def test_a_letter_that_was_held_is_vouched_for_and_keeps_its_name_and_arrival(desk: Desk) -> None:
    raw = FAIL + order_of(ADA, f"{LAMP}, 2")
    assert told(desk, arrived(raw)) == [("held", "sender_not_believed")]
    with desk.shop.reading() as connection:
        [before] = letters.listing(connection)
    send_round_again(desk, before.letter_id, Outcome.HELD, NOW)
    later = NOW + timedelta(hours=5)
    assert told(desk, arrived(raw, at=later), now=later) == [("done", "placed")]
    with desk.shop.reading() as connection:
        [after] = letters.listing(connection)
    assert (after.letter_id, after.arrived_at, after.reopened) == (before.letter_id, before.arrived_at, False)


@pytest.mark.parametrize("copies", [2, 3])
def test_copies_of_a_letter_sent_round_again_are_duplicates_of_it(desk: Desk, copies: int) -> None:
    raw = FAIL + order_of(ADA, f"{LAMP}, 2")
    first = arrived(raw)
    told(desk, first)
    with desk.shop.reading() as connection:
        [record] = letters.listing(connection)
    send_round_again(desk, record.letter_id, Outcome.HELD, NOW)
    batch = [arrived(raw) for _ in range(copies)]
    expected = [("done", "placed"), *[("ignored", "duplicate")] * (copies - 1)]
    assert told(desk, *batch) == expected
    assert told(desk, *batch) == expected
    assert kept(desk) == sorted((*fate, False) for fate in expected)
    assert ask(desk, "SELECT on_hand FROM product") == 8


@pytest.mark.parametrize("split", [lambda letters: [letters], lambda letters: [[one] for one in letters]])
def test_the_same_letters_have_the_same_fate_in_one_batch_or_in_many(
    desk: Desk, split: Callable[[list[Arrived]], list[list[Arrived]]]
) -> None:
    assert told(desk, arrived(order_of(ADA, f"{LAMP}, 2"))) == [("done", "placed")]
    number = ask(desk, 'SELECT number FROM "order"')
    waiting = [
        arrived(letter(ADA, f"cancel {number}")),
        arrived(order_of(ADA, f"{LAMP}, 10", home=())),
        arrived(order_of(ADA, f"{LAMP}, 10")),
        arrived(order_of(ADA, f"{LAMP}, 10")),
        arrived(letter(ADA, f"cancel {number}")),
        arrived(order_of(ADA, f"{LAMP}, 1", home=())),
    ]
    fates = [fate for batch in split(waiting) for fate in told(desk, *batch)]
    assert fates == [
        ("done", "cancelled"),
        ("refused", "no_address"),
        ("done", "placed"),
        ("refused", "not_enough_stock"),
        ("refused", "already_cancelled"),
        ("refused", "not_enough_stock"),
    ]
    assert ask(desk, "SELECT on_hand FROM product") == 0


def test_another_letter_at_a_place_met_before_is_read(desk: Desk) -> None:
    """A mail server that was replaced or restored gives the same UIDVALIDITY and UIDs out again."""
    ours = arrived(order_of(ADA, f"{LAMP}, 2"))
    theirs = replace(ours, raw=order_of("ben@customer.example", f"{LAMP}, 3"))
    assert told(desk, ours) == [("done", "placed")]
    assert told(desk, theirs) == [("done", "placed")]
    assert told(desk, theirs, ours) == [("done", "placed"), ("done", "placed")]
    assert ask(desk, "SELECT sum(quantity) FROM order_line") == 5


@pytest.mark.parametrize("header", [FAIL, b"List-Id: <friends.customer.example>\r\n"])
@pytest.mark.parametrize("together", [True, False])
def test_a_copy_that_was_not_judged_does_not_keep_the_true_one_from_being_read(
    desk: Desk, header: bytes, together: bool
) -> None:
    raw = order_of(ADA, f"{LAMP}, 2")
    batch = [arrived(header + raw), arrived(raw), arrived(raw)]
    outcomes = told(desk, *batch) if together else [told(desk, one)[0] for one in batch]
    assert outcomes[0][0] in ("held", "ignored")
    assert outcomes[1:] == [("done", "placed"), ("ignored", "duplicate")]


def test_a_cancellation_is_in_the_name_of_its_letter(desk: Desk) -> None:
    told(desk, arrived(order_of(ADA, f"{LAMP}, 2")))
    number = ask(desk, 'SELECT number FROM "order"')
    assert told(desk, arrived(letter(ADA, f"cancel {number}", ""))) == [("done", "cancelled")]
    actor = ask(desk, "SELECT actor FROM stock_movement WHERE reason = 'cancellation'")
    assert actor == ask(desk, "SELECT letter_id FROM letter WHERE reason = 'cancelled'")


def test_a_letter_of_made_up_numbers_gets_a_short_answer(desk: Desk) -> None:
    numbers = ", ".join(f"MO-2345-67{i}{j}" for i in "23456789ABCDEF" for j in "23456789ABCDEF")
    assert told(desk, arrived(letter(ADA, "cancel", numbers))) == [("refused", "too_many_orders")]
