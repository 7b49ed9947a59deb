"""Offers made, to whom none was made for comparison, and what was offered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "shop_5"
down_revision = "shop_4"
branch_labels = None
depends_on = None

# SQLite keeps moments as text.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    create_offer()
    create_offer_item()
    # The brakes count offers alone, among millions of other mails.
    op.create_index("ix_outbox_offer_person", "outbox", ["hashed_email", "settled_at"], **only_where("kind = 'offer'"))
    op.create_index("ix_outbox_offer_day", "outbox", ["state", "settled_at"], **only_where("kind = 'offer'"))


def create_offer() -> None:
    op.create_table(
        "offer",
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("arm IN ('offered', 'held_out')", name="ck_offer_arm"),
        sa.ForeignKeyConstraint(["order_number"], ["order.number"], name="fk_offer_order_number"),
        sa.PrimaryKeyConstraint("order_number", name="pk_offer"),
    )
    op.create_index("ix_offer_customer", "offer", ["hashed_email", "made_at"])
    op.create_index("ix_offer_made_at", "offer", ["made_at", "order_number"])


def create_offer_item() -> None:
    op.create_table(
        "offer_item",
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("antecedent", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=True)
            for name in ("together", "antecedents", "consequents", "baskets")
        ),
        sa.CheckConstraint("(antecedent = '[]') = (together IS NULL)", name="ck_offer_item_counts"),
        sa.CheckConstraint("unit_price >= 0", name="ck_offer_item_unit_price"),
        sa.ForeignKeyConstraint(["order_number"], ["offer.order_number"], name="fk_offer_item_order_number"),
        sa.PrimaryKeyConstraint("order_number", "position", name="pk_offer_item"),
    )


def only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
