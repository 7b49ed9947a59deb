"""Orders and their lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.facts import OrderState
from store.models.kinds import Instant, Shop, Word, one_of, only_where, table_of


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
        # Reports ask what was cancelled within a period.
        Index("ix_order_cancelled_at", "closed_at", **only_where("state = 'cancelled'")),
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


class OrderRevisionRow(Shop, table=True):
    """What an order was before a change: `before` holds its lines, `revision` counts the changes from 1."""

    __tablename__ = "order_revision"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("before_cents >= 0", name="before_cents"),
        CheckConstraint("after_cents >= 0", name="after_cents"),
        # Reports ask what was changed within a period.
        Index("ix_order_revision_at", "at"),
    )

    order_number: str = Field(sa_type=Text, primary_key=True, foreign_key="order.number")
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)
    before_cents: int = Field(sa_type=BigInteger)
    after_cents: int = Field(sa_type=BigInteger)
    before: list[dict[str, Any]] = Field(sa_type=JSON)


order = table_of(OrderRow)
order_line = table_of(OrderLineRow)
order_revision = table_of(OrderRevisionRow)
