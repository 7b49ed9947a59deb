"""Who wants to be told when a product is back in stock."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from store.models.kinds import Instant, Shop, table_of


class WishRow(Shop, table=True):
    """It is gone when it was told, or when it got too old."""

    __tablename__ = "wish"
    __table_args__ = (
        # How many has a person, and what is held of her.
        Index("ix_wish_customer", "hashed_email"),
        Index("ix_wish_asked_at", "asked_at"),
    )

    product_id: str = Field(sa_type=Text, primary_key=True, foreign_key="product.product_id", ondelete="CASCADE")
    hashed_email: str = Field(sa_type=Text, primary_key=True)
    asked_at: datetime = Field(sa_type=Instant)


wish = table_of(WishRow)
