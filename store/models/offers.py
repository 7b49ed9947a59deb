"""Offers made after orders, and what was offered."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlmodel import Field

from store.facts.offers import Arm
from store.models.kinds import Instant, Shop, Word, one_of, table_of


class OfferRow(Shop, table=True):
    """At most one an order: what was offered after it, or, in the arm held out, what would have been."""

    __tablename__ = "offer"
    __table_args__ = (
        one_of("arm", Arm),
        # How often has a customer been drawn lately? And whose order came of which offer?
        Index("ix_offer_customer", "hashed_email", "made_at"),
        # figures() and listing() of a time.
        Index("ix_offer_made_at", "made_at", "order_number"),
    )

    order_number: str = Field(sa_type=Text, primary_key=True, foreign_key="order.number")
    hashed_email: str = Field(sa_type=Text)
    arm: Arm = Field(sa_type=Word(Arm))
    made_at: datetime = Field(sa_type=Instant)


class OfferItemRow(Shop, table=True):
    """`antecedent` is a JSON list of sorted product ids, as text, so that rules can be grouped by it."""

    __tablename__ = "offer_item"
    __table_args__ = (
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("(antecedent = '[]') = (together IS NULL)", name="counts"),
    )

    order_number: str = Field(sa_type=Text, primary_key=True, foreign_key="offer.order_number")
    position: int = Field(primary_key=True)
    product_id: str = Field(sa_type=Text)
    unit_price: int = Field(sa_type=BigInteger)
    source: str = Field(sa_type=Text)
    antecedent: str = Field(sa_type=Text)
    together: int | None = Field(sa_type=BigInteger)
    antecedents: int | None = Field(sa_type=BigInteger)
    consequents: int | None = Field(sa_type=BigInteger)
    baskets: int | None = Field(sa_type=BigInteger)


offer = table_of(OfferRow)
offer_item = table_of(OfferItemRow)
