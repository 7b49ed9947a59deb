"""The books as they began: products, movements, orders, letters, the outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "shop_1"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only under a column of exactly INTEGER.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite keeps moments as text.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

EMBEDDED_TRIGGERS = """
CREATE TRIGGER product_starts_empty BEFORE INSERT ON product WHEN NEW.on_hand <> 0
BEGIN SELECT RAISE(ABORT, 'product_starts_empty: stock comes by movements'); END;

CREATE TRIGGER stock_movement_counts AFTER INSERT ON stock_movement
BEGIN UPDATE product SET on_hand = on_hand + NEW.quantity WHERE product_id = NEW.product_id; END;

CREATE TRIGGER stock_movement_stays BEFORE UPDATE ON stock_movement
BEGIN SELECT RAISE(ABORT, 'stock_movement_stays: write another movement instead'); END;

CREATE TRIGGER stock_movement_remains BEFORE DELETE ON stock_movement
BEGIN SELECT RAISE(ABORT, 'stock_movement_remains: write another movement instead'); END;
"""

SERVER_TRIGGERS = """
CREATE FUNCTION product_starts_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE integrity_constraint_violation USING MESSAGE = 'product_starts_empty: stock comes by movements';
END $$;
CREATE TRIGGER product_starts_empty BEFORE INSERT ON product
  FOR EACH ROW WHEN (NEW.on_hand <> 0) EXECUTE FUNCTION product_starts_empty();

CREATE FUNCTION stock_movement_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE product SET on_hand = on_hand + NEW.quantity WHERE product_id = NEW.product_id;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_movement_counts AFTER INSERT ON stock_movement
  FOR EACH ROW EXECUTE FUNCTION stock_movement_counts();

CREATE FUNCTION stock_movement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE integrity_constraint_violation USING MESSAGE = 'stock_movement_stays: write another movement instead';
END $$;
CREATE TRIGGER stock_movement_stays BEFORE UPDATE OR DELETE ON stock_movement
  FOR EACH ROW EXECUTE FUNCTION stock_movement_stays();
CREATE TRIGGER stock_movement_remains BEFORE TRUNCATE ON stock_movement
  FOR EACH STATEMENT EXECUTE FUNCTION stock_movement_stays();
"""


def upgrade() -> None:
    create_product()
    create_order()
    create_order_line()
    create_stock_movement()
    create_letter()
    create_mailbox()
    create_outbox()
    index_outbox()
    create_consent()
    make_stock_follow_movements()


def create_product() -> None:
    op.create_table(
        "product",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("product_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cost >= 0", name="ck_product_cost"),
        sa.CheckConstraint("on_hand >= 0", name="ck_product_on_hand"),
        sa.CheckConstraint("price >= 0", name="ck_product_price"),
        sa.PrimaryKeyConstraint("product_id", name="pk_product"),
        sa.UniqueConstraint("product_key", name="uq_product_product_key"),
    )


def create_order() -> None:
    op.create_table(
        "order",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("cancel_until", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("address_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (state IN ('cancelled', 'fulfilled'))", name="ck_order_closed"),
        sa.CheckConstraint("state IN ('held', 'placed', 'cancelled', 'fulfilled')", name="ck_order_state"),
        sa.PrimaryKeyConstraint("number", name="pk_order"),
        sa.UniqueConstraint("letter_id", name="uq_order_letter_id"),
    )
    op.create_index("ix_order_address", "order", ["address_id"])
    op.create_index("ix_order_customer", "order", ["hashed_email", "arrived_at"])
    op.create_index("ix_order_placed_at", "order", ["placed_at", "number"])
    op.create_index("ix_order_state", "order", ["state", "placed_at", "number"])


def create_order_line() -> None:
    op.create_table(
        "order_line",
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity >= 1", name="ck_order_line_quantity"),
        sa.CheckConstraint("unit_cost >= 0", name="ck_order_line_unit_cost"),
        sa.CheckConstraint("unit_price >= 0", name="ck_order_line_unit_price"),
        sa.ForeignKeyConstraint(["order_number"], ["order.number"], name="fk_order_line_order_number"),
        sa.ForeignKeyConstraint(["product_id"], ["product.product_id"], name="fk_order_line_product_id"),
        sa.PrimaryKeyConstraint("order_number", "position", name="pk_order_line"),
        sa.UniqueConstraint("order_number", "product_id", name="uq_order_line_order_number_product_id"),
    )


def create_stock_movement() -> None:
    op.create_table(
        "stock_movement",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "reason <> 'cancellation' OR (quantity > 0 AND order_number IS NOT NULL)", name="ck_stock_movement_returns"
        ),
        sa.CheckConstraint(
            "reason <> 'order' OR (quantity < 0 AND order_number IS NOT NULL)", name="ck_stock_movement_leaves"
        ),
        sa.CheckConstraint(
            "reason IN ('initial', 'received', 'order', 'cancellation', 'correction')", name="ck_stock_movement_reason"
        ),
        sa.CheckConstraint("quantity <> 0", name="ck_stock_movement_quantity"),
        sa.ForeignKeyConstraint(["order_number"], ["order.number"], name="fk_stock_movement_order_number"),
        sa.ForeignKeyConstraint(["product_id"], ["product.product_id"], name="fk_stock_movement_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_movement"),
    )
    op.create_index(
        "uq_stock_movement_once",
        "stock_movement",
        ["order_number", "product_id", "reason"],
        unique=True,
        **only_where("order_number IS NOT NULL"),
    )


def create_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("handled_at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'refused', 'failed', 'person', 'ignored', 'held')", name="ck_letter_outcome"
        ),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letter"),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid", "digest", name="uq_letter_mailbox_uidvalidity_uid_digest"),
        sa.UniqueConstraint("message_key", name="uq_letter_message_key"),
    )
    op.create_index("ix_letter_handled_at", "letter", ["handled_at", "letter_id"])
    op.create_index("ix_letter_outcome", "letter", ["outcome", "handled_at", "letter_id"])
    op.create_index("ix_letter_reopened", "letter", ["mailbox", "arrived_at", "letter_id"], **only_where("reopened"))
    op.create_index("ix_letter_reopened_digest", "letter", ["digest"], **only_where("reopened"))
    op.create_index("ix_letter_sender", "letter", ["hashed_email"])


def create_mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("first_contact_at", INSTANT, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_mailbox"),
    )


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("letter_id", sa.Text(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("enclosure_id", sa.Text(), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="ck_outbox_lease"),
        sa.CheckConstraint("(state IN ('queued', 'sending')) = (settled_at IS NULL)", name="ck_outbox_settled"),
        sa.CheckConstraint("role IN ('operator', 'human')", name="ck_outbox_role"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'dead', 'suppressed', 'expired')", name="ck_outbox_state"
        ),
        sa.CheckConstraint("(hashed_email IS NULL) <> (role IS NULL)", name="ck_outbox_one_recipient"),
        sa.CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name="ck_outbox_leased_by"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("event_key", name="uq_outbox_event_key"),
        sa.UniqueConstraint("token", name="uq_outbox_token"),
    )


def index_outbox() -> None:
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at", "id"])
    op.create_index("ix_outbox_enclosure", "outbox", ["enclosure_id"], **only_where("enclosure_id IS NOT NULL"))
    op.create_index(
        "ix_outbox_order",
        "outbox",
        ["order_number", "id"],
        **only_where("state IN ('queued', 'sending') AND order_number IS NOT NULL"),
    )
    op.create_index("ix_outbox_recipient", "outbox", ["hashed_email", "created_at"])
    op.create_index("ix_outbox_settled", "outbox", ["state", "settled_at"])


def create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hashed_email", "subject", name="pk_consent"),
    )


def make_stock_follow_movements() -> None:
    """On hand is the sum of the movements by construction: only the trigger adds, no movement ever changes."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(SERVER_TRIGGERS)
        return
    for statement in EMBEDDED_TRIGGERS.strip().split("\n\n"):
        bind.exec_driver_sql(statement)


def only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
