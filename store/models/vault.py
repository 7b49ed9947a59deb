"""The vault: who is behind a hash, where to ship, what a waiting mail must repeat."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, Text
from sqlmodel import Field

from store.models.kinds import Instant, Vault, table_of


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


email_lookup = table_of(EmailRow)
shipping_address = table_of(ShippingAddressRow)
enclosure = table_of(EnclosureRow)
key_check = table_of(KeyCheckRow)
