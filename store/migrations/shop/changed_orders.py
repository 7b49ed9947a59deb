"""Orders that were changed within their window, wishes for what is sold out, and shelves to be looked through."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "shop_7"
down_revision = "shop_6"
branch_labels = None
depends_on = None


NEW_MOVEMENT_CHECKS = (
    sa.CheckConstraint("reason <> 'change' OR order_number IS NOT NULL", name="ck_stock_movement_changes"),
    sa.CheckConstraint(
        "reason IN ('initial', 'received', 'order', 'cancellation', 'correction', 'change')",
        name="ck_stock_movement_reason",
    ),
)
# Rebuilding takes the triggers away.
EMBEDDED_TRIGGERS = """
CREATE TRIGGER stock_movement_counts AFTER INSERT ON stock_movement
BEGIN UPDATE product SET on_hand = on_hand + NEW.quantity WHERE product_id = NEW.product_id; END;

CREATE TRIGGER stock_movement_stays BEFORE UPDATE ON stock_movement
BEGIN SELECT RAISE(ABORT, 'stock_movement_stays: write another movement instead'); END;

CREATE TRIGGER stock_movement_remains BEFORE DELETE ON stock_movement
WHEN OLD.order_number IS NOT NULL OR EXISTS (SELECT 1 FROM product WHERE product_id = OLD.product_id)
BEGIN SELECT RAISE(ABORT, 'stock_movement_remains: write another movement instead'); END;
"""
# SQLite keeps moments as text.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    let_products_be_searched()
    let_orders_be_changed()
    let_people_wish()
    let_letters_be_proven()


def let_products_be_searched() -> None:
    op.add_column("product", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    bind = op.get_bind()
    known = bind.execute(sa.text("SELECT product_id, name, category FROM product")).all()
    if known:
        rows = [{"id": one.product_id, "text": search_text(*one)[:400]} for one in known]
        bind.execute(sa.text("UPDATE product SET search_text = :text WHERE product_id = :id"), rows)
    op.create_index("ix_product_price", "product", ["price", "product_id", "search_text"])
    op.create_index("ix_popularity_baskets", "popularity", ["baskets", "product_id"])


def search_text(*texts: str) -> str:
    """As `store.facts.search_text` was when these rows were filled."""
    apart = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    kept = (letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return f" {' '.join(''.join(kept).split())}"


def let_orders_be_changed() -> None:
    op.create_table(
        "order_revision",
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("before_cents", sa.BigInteger(), nullable=False),
        sa.Column("after_cents", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.CheckConstraint("revision >= 1", name="ck_order_revision_revision"),
        sa.CheckConstraint("before_cents >= 0", name="ck_order_revision_before_cents"),
        sa.CheckConstraint("after_cents >= 0", name="ck_order_revision_after_cents"),
        sa.ForeignKeyConstraint(["order_number"], ["order.number"], name="fk_order_revision_order_number"),
        sa.PrimaryKeyConstraint("order_number", "revision", name="pk_order_revision"),
    )
    op.create_index("ix_order_revision_at", "order_revision", ["at"])
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint("ck_stock_movement_reason", "stock_movement", type_="check")
        for check in NEW_MOVEMENT_CHECKS:
            op.create_check_constraint(str(check.name), "stock_movement", check.sqltext)
        once_but_for_changes()
        return
    with op.batch_alter_table("stock_movement", table_args=NEW_MOVEMENT_CHECKS) as movement:
        movement.drop_constraint("ck_stock_movement_reason", type_="check")
    once_but_for_changes()
    for statement in EMBEDDED_TRIGGERS.strip().split("\n\n"):
        bind.exec_driver_sql(statement)


def once_but_for_changes() -> None:
    """An order may be changed more than once; each change is a revision, and that is what is once."""
    condition = sa.text("order_number IS NOT NULL AND reason <> 'change'")
    op.drop_index("uq_stock_movement_once", "stock_movement")
    op.create_index(
        "uq_stock_movement_once",
        "stock_movement",
        ["order_number", "product_id", "reason"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def let_people_wish() -> None:
    op.create_table(
        "wish",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.product_id"], name="fk_wish_product_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "hashed_email", name="pk_wish"),
    )
    op.create_index("ix_wish_customer", "wish", ["hashed_email"])
    op.create_index("ix_wish_asked_at", "wish", ["asked_at"])


def let_letters_be_proven() -> None:
    op.create_table(
        "proof",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_proof"),
    )
