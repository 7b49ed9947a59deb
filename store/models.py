"""The tables of shop and vault, and what the database itself forbids.

The triggers that make stock follow its movements stand beside the tables in `store.migrations.shop`.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from store.facts import MailState, MovementReason, OrderState, Outcome, Role

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# SQLite numbers rows by itself only under a column of exactly INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware moment: taken in any zone, kept and given back in UTC. Raises ValueError for a naive one.

    SQLite has no such type and gets ISO 8601 text of one length, which sorts as the moments do.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else self.impl_instance)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be kept")
        moment = value.astimezone(UTC)
        return moment.isoformat(" ", "microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One of an enum's values, kept as plain text; the table's CHECK (`one_of`) forbids others."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    known = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({known})", name=column)


def only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Shop(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """The books: no address, name or street stands in any of these tables."""


class Vault(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """The only tables that know an address."""


class ProductRow(Shop, table=True):
    """`on_hand` is written by the trigger on stock_movement alone; its CHECK is what makes overselling impossible."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("cost >= 0", name="cost"),
        UniqueConstraint("product_key"),
    )

    product_id: str = Field(sa_type=Text, primary_key=True)
    product_key: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    price: int = Field(sa_type=BigInteger)
    cost: int | None = Field(sa_type=BigInteger)
    supplier_id: str = Field(sa_type=Text)
    active: bool
    on_hand: int = Field(sa_type=BigInteger)


class OrderRow(Shop, table=True):
    __tablename__ = "order"
    __table_args__ = (
        one_of("state", OrderState),
        CheckConstraint("(closed_at IS NOT NULL) = (state IN ('cancelled', 'fulfilled'))", name="closed"),
        CheckConstraint("(letter_id IS NULL) <> (source IS NULL)", name="origin"),
        CheckConstraint("letter_id IS NULL OR hashed_email IS NOT NULL", name="customer"),
        UniqueConstraint("letter_id"),
        UniqueConstraint("source"),
        # recent(), last_addresses() and a customer's listing ask by customer, newest first.
        Index("ix_order_customer", "hashed_email", "arrived_at"),
        # listing() of everything or of one state, newest first.
        Index("ix_order_placed_at", "placed_at", "number"),
        Index("ix_order_state", "state", "placed_at", "number"),
        # The sweep of the vault asks which addresses an order still goes to.
        Index("ix_order_address", "address_id"),
    )

    number: str = Field(sa_type=Text, primary_key=True)
    hashed_email: str | None = Field(sa_type=Text)
    state: OrderState = Field(sa_type=Word(OrderState))
    arrived_at: datetime = Field(sa_type=Instant)
    placed_at: datetime = Field(sa_type=Instant)
    cancel_until: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(sa_type=Instant)
    address_id: str | None = Field(sa_type=Text)
    fingerprint: str = Field(sa_type=Text)
    letter_id: str | None = Field(sa_type=Text)
    source: str | None = Field(sa_type=Text)


class OrderLineRow(Shop, table=True):
    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("unit_cost >= 0", name="unit_cost"),
        # A past order may hold a product at two prices.
        UniqueConstraint("order_number", "product_id", "unit_price"),
    )

    order_number: str = Field(sa_type=Text, primary_key=True, foreign_key="order.number")
    position: int = Field(primary_key=True)
    product_id: str = Field(sa_type=Text, foreign_key="product.product_id")
    name: str = Field(sa_type=Text)
    quantity: int = Field(sa_type=BigInteger)
    unit_price: int = Field(sa_type=BigInteger)
    unit_cost: int | None = Field(sa_type=BigInteger)


class StockMovementRow(Shop, table=True):
    """Append-only: triggers add each row to `product.on_hand` and forbid changing one.

    A row is removed only together with its product, and a product only as long as nobody ordered it.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        one_of("reason", MovementReason),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("reason <> 'order' OR (quantity < 0 AND order_number IS NOT NULL)", name="leaves"),
        CheckConstraint("reason <> 'cancellation' OR (quantity > 0 AND order_number IS NOT NULL)", name="returns"),
        # An order takes a product once and gives it back once, whatever is done twice.
        Index(
            "uq_stock_movement_once",
            "order_number",
            "product_id",
            "reason",
            unique=True,
            **only_where("order_number IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    product_id: str = Field(sa_type=Text, foreign_key="product.product_id", ondelete="CASCADE")
    quantity: int = Field(sa_type=BigInteger)
    reason: MovementReason = Field(sa_type=Word(MovementReason))
    order_number: str | None = Field(sa_type=Text, foreign_key="order.number")
    actor: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class LetterRow(Shop, table=True):
    __tablename__ = "letter"
    __table_args__ = (
        one_of("outcome", Outcome),
        # With the digest: a mail server that is replaced or restored gives the same place to another letter.
        UniqueConstraint("mailbox", "uidvalidity", "uid", "digest"),
        UniqueConstraint("message_key"),
        # known() and reopened() look only at letters that wait to be read again: a handful.
        Index("ix_letter_reopened_digest", "digest", **only_where("reopened")),
        Index("ix_letter_reopened", "mailbox", "arrived_at", "letter_id", **only_where("reopened")),
        # listing() of everything or of one outcome, newest first; counts() reads the second alone.
        Index("ix_letter_handled_at", "handled_at", "letter_id"),
        Index("ix_letter_outcome", "outcome", "handled_at", "letter_id"),
        # The sweep of the vault asks who has written.
        Index("ix_letter_sender", "hashed_email"),
    )

    letter_id: str = Field(sa_type=Text, primary_key=True)
    mailbox: str = Field(sa_type=Text)
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    message_key: str | None = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    arrived_at: datetime = Field(sa_type=Instant)
    handled_at: datetime = Field(sa_type=Instant)
    kind: str = Field(sa_type=Text)
    outcome: Outcome = Field(sa_type=Word(Outcome))
    reason: str = Field(sa_type=Text)
    verdict: str = Field(sa_type=Text)
    hashed_email: str | None = Field(sa_type=Text)
    order_number: str | None = Field(sa_type=Text)
    trace: str | None = Field(sa_type=Text)
    reopened: bool


class MailboxRow(Shop, table=True):
    __tablename__ = "mailbox"

    name: str = Field(sa_type=Text, primary_key=True)
    uidvalidity: int | None = Field(sa_type=BigInteger)
    first_contact_at: datetime = Field(sa_type=Instant)
    looked_at: datetime | None = Field(sa_type=Instant)


class OutboxRow(Shop, table=True):
    """What is sent stays; the indexes see to it that millions of sent rows cost a claim nothing."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", MailState),
        one_of("role", Role),
        CheckConstraint("(hashed_email IS NULL) <> (role IS NULL)", name="one_recipient"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name="leased_by"),
        CheckConstraint("(state IN ('queued', 'sending')) = (settled_at IS NULL)", name="settled"),
        UniqueConstraint("token"),
        UniqueConstraint("event_key"),
        # claim() and next_due(): the oldest due first, without sorting a long queue; listing() by state; health()
        # counts by it. Not partial: beside any index on state, SQLite would rather take that one and sort.
        Index("ix_outbox_due", "state", "due_at", "id"),
        # claim(): is an earlier mail of the same order still on its way?
        Index(
            "ix_outbox_order",
            "order_number",
            "id",
            **only_where("state IN ('queued', 'sending') AND order_number IS NOT NULL"),
        ),
        # answers_since() and kinds_since() count what a correspondent was sent lately.
        Index("ix_outbox_recipient", "hashed_email", "created_at"),
        # health(): when was mail last sent?
        Index("ix_outbox_settled", "state", "settled_at"),
        # The sweep of the vault asks which enclosures are still to be sent.
        Index("ix_outbox_enclosure", "enclosure_id", **only_where("enclosure_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    token: str = Field(sa_type=Text)
    event_key: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(sa_type=JSON)
    due_at: datetime = Field(sa_type=Instant)
    hashed_email: str | None = Field(sa_type=Text)
    role: Role | None = Field(sa_type=Word(Role))
    letter_id: str | None = Field(sa_type=Text)
    order_number: str | None = Field(sa_type=Text)
    enclosure_id: str | None = Field(sa_type=Text)
    expires_at: datetime | None = Field(sa_type=Instant)
    state: MailState = Field(sa_type=Word(MailState))
    attempts: int
    created_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(sa_type=Instant)
    last_reply: str | None = Field(sa_type=Text)
    leased_until: datetime | None = Field(sa_type=Instant)
    leased_by: str | None = Field(sa_type=Text)


class ConsentRow(Shop, table=True):
    """What a person said about a subject; subject `all` with allowed false means: no mail at all."""

    __tablename__ = "consent"

    hashed_email: str = Field(sa_type=Text, primary_key=True)
    subject: str = Field(sa_type=Text, primary_key=True)
    allowed: bool
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class EmailRow(Vault, table=True):
    """`seen_at` is when intake last needed the row: the sweep leaves alone what was just written."""

    __tablename__ = "email_lookup"

    hashed_email: str = Field(sa_type=Text, primary_key=True)
    unhashed_email: str = Field(sa_type=Text)
    seen_at: datetime = Field(sa_type=Instant)


class ShippingAddressRow(Vault, table=True):
    __tablename__ = "shipping_address"
    # belongings() and forget() ask by customer.
    __table_args__ = (Index("ix_shipping_address_customer", "hashed_email"),)

    address_id: str = Field(sa_type=Text, primary_key=True)
    hashed_email: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    lines: list[str] = Field(sa_type=JSON)
    seen_at: datetime = Field(sa_type=Instant)


class EnclosureRow(Vault, table=True):
    __tablename__ = "enclosure"
    __table_args__ = (Index("ix_enclosure_customer", "hashed_email"),)

    enclosure_id: str = Field(sa_type=Text, primary_key=True)
    hashed_email: str | None = Field(sa_type=Text)
    words: dict[str, Any] = Field(sa_type=JSON)
    letter: bytes | None = Field(sa_type=LargeBinary)
    seen_at: datetime = Field(sa_type=Instant)


class KeyCheckRow(Vault, table=True):
    """One row: a constant under the key in use, so that another key is noticed before it is used."""

    __tablename__ = "key_check"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: str = Field(sa_type=Text)


def table_of(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


product = table_of(ProductRow)
stock_movement = table_of(StockMovementRow)
order = table_of(OrderRow)
order_line = table_of(OrderLineRow)
letter = table_of(LetterRow)
mailbox = table_of(MailboxRow)
outbox = table_of(OutboxRow)
consent = table_of(ConsentRow)
email_lookup = table_of(EmailRow)
shipping_address = table_of(ShippingAddressRow)
enclosure = table_of(EnclosureRow)
key_check = table_of(KeyCheckRow)
