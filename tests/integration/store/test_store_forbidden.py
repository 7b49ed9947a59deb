"""What the database itself refuses, whoever writes: each constraint is tried past the rooms of the store."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import StatementError
from store_makers import LAMP, NOW, later

from store import models
from store.database import Database, ForbiddenError

PRODUCT = {
    "product_id": "BJ02R0G72U8V",
    "product_key": "BJ02R0G72U8V",
    "name": "Lamp",
    "category": "home",
    "price": 1999,
    "cost": 950,
    "supplier_id": "",
    "active": True,
    "on_hand": 0,
}
SECOND = PRODUCT | {"product_id": "second", "product_key": "SECOND"}
ORDER = {
    "number": "MO-1",
    "hashed_email": "ada",
    "state": "placed",
    "arrived_at": NOW,
    "placed_at": NOW,
    "cancel_until": later(hours=24),
    "closed_at": None,
    "address_id": "home",
    "fingerprint": "same",
    "letter_id": "letter-1",
}
LINE = {
    "order_number": "MO-1",
    "position": 1,
    "product_id": "BJ02R0G72U8V",
    "name": "Lamp",
    "quantity": 2,
    "unit_price": 1999,
    "unit_cost": 950,
}
RECEIVED = {"product_id": "BJ02R0G72U8V", "quantity": 5, "reason": "received", "actor": "test", "at": NOW}
TAKEN = RECEIVED | {"quantity": -2, "reason": "order", "order_number": "MO-1"}
LETTER = {
    "letter_id": "letter-1",
    "mailbox": "orders",
    "uidvalidity": 7,
    "uid": 1,
    "message_key": "key-1",
    "digest": "digest",
    "arrived_at": NOW,
    "handled_at": NOW,
    "kind": "order",
    "outcome": "done",
    "reason": "booked",
    "verdict": "pass",
    "reopened": False,
}
MAIL = {
    "token": "token-1",
    "event_key": "event-1",
    "kind": "confirmation",
    "facts": {},
    "due_at": NOW,
    "hashed_email": "ada",
    "role": None,
    "state": "queued",
    "attempts": 0,
    "created_at": NOW,
    "settled_at": None,
    "leased_until": None,
    "leased_by": None,
}
LEASED = MAIL | {"state": "sending", "leased_until": later(minutes=5), "leased_by": "one"}
CONSENT = {"hashed_email": "ada", "subject": "all", "allowed": False, "reason": "stop", "at": NOW}

PAST_ORDER = ORDER | {"number": "MO-3", "hashed_email": None, "address_id": None, "letter_id": None, "source": "file"}

BOOKS: list[tuple[Table, dict[str, Any]]] = [
    (models.product, PRODUCT),
    (models.product, SECOND),
    (models.stock_movement, RECEIVED),
    (models.order, ORDER),
    (models.order, PAST_ORDER),
    (models.order_line, LINE),
    (models.stock_movement, TAKEN),
    (models.letter, LETTER),
    (models.outbox, MAIL),
    (models.consent, CONSENT),
]
OTHER_PRODUCT = PRODUCT | {"product_id": "other", "product_key": "OTHER"}
OTHER_ORDER = ORDER | {"number": "MO-2", "letter_id": "letter-2"}
OTHER_LINE = LINE | {"position": 2, "product_id": "second"}
OTHER_LETTER = LETTER | {"letter_id": "letter-2", "uid": 2, "message_key": "key-2"}
OTHER_MAIL = MAIL | {"token": "token-2", "event_key": "event-2"}
OTHER_LEASED = LEASED | {"token": "token-2", "event_key": "event-2"}

REFUSED: list[tuple[str, Table, dict[str, Any]]] = [
    ("a product twice", models.product, PRODUCT | {"product_key": "OTHER"}),
    ("two products with one key", models.product, OTHER_PRODUCT | {"product_key": "BJ02R0G72U8V"}),
    ("a negative price", models.product, OTHER_PRODUCT | {"price": -1}),
    ("a negative cost", models.product, OTHER_PRODUCT | {"cost": -1}),
    ("stock without a movement", models.product, OTHER_PRODUCT | {"on_hand": 5}),
    ("a product without a name", models.product, OTHER_PRODUCT | {"name": None}),
    ("more sold than there is", models.stock_movement, RECEIVED | {"quantity": -4}),
    ("a movement of nothing", models.stock_movement, RECEIVED | {"quantity": 0}),
    ("a movement of an unknown product", models.stock_movement, RECEIVED | {"product_id": "nowhere"}),
    ("a movement for an unknown order", models.stock_movement, TAKEN | {"order_number": "MO-9"}),
    ("an order's goods taken twice", models.stock_movement, TAKEN | {"quantity": -1}),
    ("an order that brings goods", models.stock_movement, TAKEN | {"product_id": "second", "quantity": 2}),
    ("goods taken for no order", models.stock_movement, TAKEN | {"order_number": None}),
    ("a cancellation that takes", models.stock_movement, TAKEN | {"reason": "cancellation"}),
    ("a cancellation of no order", models.stock_movement, RECEIVED | {"reason": "cancellation"}),
    ("an order twice", models.order, ORDER | {"letter_id": "letter-2"}),
    ("an order from nowhere", models.order, OTHER_ORDER | {"letter_id": None}),
    ("an order from a letter and a file", models.order, OTHER_ORDER | {"source": "file"}),
    ("a letter's order of nobody", models.order, OTHER_ORDER | {"hashed_email": None}),
    ("a past order twice", models.order, PAST_ORDER | {"number": "MO-4"}),
    ("two orders by one letter", models.order, OTHER_ORDER | {"letter_id": "letter-1"}),
    ("closed but placed", models.order, OTHER_ORDER | {"closed_at": NOW}),
    ("cancelled but never closed", models.order, OTHER_ORDER | {"state": "cancelled"}),
    ("a line of nothing", models.order_line, OTHER_LINE | {"quantity": 0}),
    ("a line at a negative price", models.order_line, OTHER_LINE | {"unit_price": -1}),
    ("a line at a negative cost", models.order_line, OTHER_LINE | {"unit_cost": -1}),
    ("two lines at one place", models.order_line, OTHER_LINE | {"position": 1}),
    ("two lines of one product at one price", models.order_line, LINE | {"position": 2}),
    ("a line of no order", models.order_line, OTHER_LINE | {"order_number": "MO-9"}),
    ("a line of an unknown product", models.order_line, OTHER_LINE | {"product_id": "nowhere"}),
    ("a letter twice", models.letter, OTHER_LETTER | {"letter_id": "letter-1"}),
    ("two letters at one place", models.letter, OTHER_LETTER | {"uid": 1}),
    ("two letters with one key", models.letter, OTHER_LETTER | {"message_key": "key-1"}),
    ("a mail twice", models.outbox, OTHER_MAIL | {"token": "token-1"}),
    ("an event's mail twice", models.outbox, OTHER_MAIL | {"event_key": "event-1"}),
    ("a mail to nobody", models.outbox, OTHER_MAIL | {"hashed_email": None}),
    ("a mail to two", models.outbox, OTHER_MAIL | {"role": "human"}),
    ("sending without a lease", models.outbox, OTHER_LEASED | {"leased_until": None, "leased_by": None}),
    ("a lease of nobody", models.outbox, OTHER_LEASED | {"leased_by": None}),
    ("a lease on a waiting mail", models.outbox, OTHER_LEASED | {"state": "queued"}),
    ("sent, nobody knows when", models.outbox, OTHER_MAIL | {"state": "sent"}),
    ("waiting but settled", models.outbox, OTHER_MAIL | {"settled_at": NOW}),
    ("fewer than no attempts", models.outbox, OTHER_MAIL | {"attempts": -1}),
    ("two words on one subject", models.consent, CONSENT | {"allowed": True}),
]
OTHERS = [
    (models.product, OTHER_PRODUCT),
    (models.order, OTHER_ORDER),
    (models.order_line, OTHER_LINE),
    (models.order_line, LINE | {"position": 3, "unit_price": 1500}),
    (models.letter, OTHER_LETTER),
    (models.outbox, OTHER_MAIL),
]


def write(conn: Connection, rows: list[tuple[Table, dict[str, Any]]]) -> None:
    for table, row in rows:
        conn.execute(insert(table).values(row))


def test_what_is_right_is_taken(shop: Database) -> None:
    with shop.transaction() as conn:
        write(conn, BOOKS + OTHERS)
    with shop.transaction() as conn:
        write(conn, [(models.outbox, OTHER_LEASED | {"token": "token-3", "event_key": "event-3"})])


@pytest.mark.parametrize(("table", "row"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_wrong_is_refused(shop: Database, table: Table, row: dict[str, Any]) -> None:
    with shop.transaction() as conn:
        write(conn, BOOKS)
    with pytest.raises(ForbiddenError), shop.transaction() as conn:
        write(conn, [(table, row)])


WORDS = {
    "ck_order_state": "UPDATE \"order\" SET state = 'odd'",
    "ck_letter_outcome": "UPDATE letter SET outcome = 'odd'",
    "ck_outbox_state": "UPDATE outbox SET state = 'odd', settled_at = created_at",
    "ck_outbox_role": "UPDATE outbox SET role = 'odd', hashed_email = NULL",
    "ck_stock_movement_reason": "INSERT INTO stock_movement (product_id, quantity, reason, actor, at)"
    " SELECT product_id, 1, 'odd', actor, at FROM stock_movement",
}


@pytest.mark.parametrize(("constraint", "statement"), WORDS.items(), ids=WORDS)
def test_a_word_the_shop_does_not_know_is_refused(shop: Database, constraint: str, statement: str) -> None:
    with shop.transaction() as conn:
        write(conn, BOOKS)
    with pytest.raises(ForbiddenError, match=constraint), shop.transaction() as conn:
        conn.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE stock_movement SET quantity = 7", "UPDATE stock_movement SET actor = 'x'", "DELETE FROM stock_movement"],
)
def test_a_movement_is_never_changed_nor_removed(shop: Database, statement: str) -> None:
    with shop.transaction() as conn:
        write(conn, BOOKS)
    with pytest.raises(ForbiddenError, match="write another movement"), shop.transaction() as conn:
        conn.exec_driver_sql(statement)


def test_a_naive_time_is_refused(shop: Database) -> None:
    naive = datetime(2026, 11, 20)
    with pytest.raises(StatementError, match="without zone"), shop.transaction() as conn:
        write(conn, [(models.consent, CONSENT | {"at": naive})])


def test_an_error_tells_the_constraint_and_no_value(shop: Database) -> None:
    with shop.transaction() as conn:
        write(conn, BOOKS)
    with pytest.raises(ForbiddenError) as told, shop.transaction() as conn:
        write(conn, [(models.order, OTHER_ORDER | {"hashed_email": "ada@example.com", "letter_id": "letter-1"})])
    assert "letter_id" in str(told.value)
    assert "example.com" not in str(told.value)
    assert LAMP.product_id not in str(told.value)
    assert "\n" not in str(told.value)
