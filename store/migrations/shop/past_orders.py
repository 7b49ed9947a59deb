"""Orders that no letter brought: taken over from files, their customer or address perhaps unknown."""

import sqlalchemy as sa
from alembic import op

revision = "shop_2"
down_revision = "shop_1"
branch_labels = None
depends_on = None

# What SQLite has to be told again when it rebuilds a table: alembic does not read the CHECKs back.
ORDER_CHECKS = (
    sa.CheckConstraint("(closed_at IS NOT NULL) = (state IN ('cancelled', 'fulfilled'))", name="ck_order_closed"),
    sa.CheckConstraint("state IN ('held', 'placed', 'cancelled', 'fulfilled')", name="ck_order_state"),
)
LINE_CHECKS = (
    sa.CheckConstraint("quantity >= 1", name="ck_order_line_quantity"),
    sa.CheckConstraint("unit_cost >= 0", name="ck_order_line_unit_cost"),
    sa.CheckConstraint("unit_price >= 0", name="ck_order_line_unit_price"),
)


def upgrade() -> None:
    with op.batch_alter_table("order", table_args=ORDER_CHECKS) as order:
        order.add_column(sa.Column("source", sa.Text(), nullable=True))
        for column in ("hashed_email", "address_id", "letter_id"):
            order.alter_column(column, existing_type=sa.Text(), nullable=True)
        order.create_unique_constraint("uq_order_source", ["source"])
        order.create_check_constraint("ck_order_origin", "(letter_id IS NULL) <> (source IS NULL)")
        order.create_check_constraint("ck_order_customer", "letter_id IS NULL OR hashed_email IS NOT NULL")
    with op.batch_alter_table("order_line", table_args=LINE_CHECKS) as line:
        line.drop_constraint("uq_order_line_order_number_product_id", type_="unique")
        line.create_unique_constraint(
            "uq_order_line_order_number_product_id_unit_price", ["order_number", "product_id", "unit_price"]
        )
