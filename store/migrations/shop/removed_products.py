"""A product that nobody ever ordered can be removed with its movements; no movement goes without its product."""

import sqlalchemy as sa
from alembic import op

revision = "shop_3"
down_revision = "shop_2"
branch_labels = None
depends_on = None

# What SQLite has to be told again when it rebuilds a table: alembic does not read the CHECKs back.
MOVEMENT_CHECKS = (
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
)

# Rebuilding took the triggers away; the last of them is new.
EMBEDDED_TRIGGERS = """
CREATE TRIGGER stock_movement_counts AFTER INSERT ON stock_movement
BEGIN UPDATE product SET on_hand = on_hand + NEW.quantity WHERE product_id = NEW.product_id; END;

CREATE TRIGGER stock_movement_stays BEFORE UPDATE ON stock_movement
BEGIN SELECT RAISE(ABORT, 'stock_movement_stays: write another movement instead'); END;

CREATE TRIGGER stock_movement_remains BEFORE DELETE ON stock_movement
WHEN OLD.order_number IS NOT NULL OR EXISTS (SELECT 1 FROM product WHERE product_id = OLD.product_id)
BEGIN SELECT RAISE(ABORT, 'stock_movement_remains: write another movement instead'); END;
"""

SERVER_TRIGGERS = """
CREATE FUNCTION stock_movement_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.order_number IS NOT NULL OR EXISTS (SELECT 1 FROM product WHERE product_id = OLD.product_id) THEN
    RAISE integrity_constraint_violation USING MESSAGE = 'stock_movement_goes: write another movement instead';
  END IF;
  RETURN OLD;
END $$;
DROP TRIGGER stock_movement_stays ON stock_movement;
CREATE TRIGGER stock_movement_stays BEFORE UPDATE ON stock_movement
  FOR EACH ROW EXECUTE FUNCTION stock_movement_stays();
CREATE TRIGGER stock_movement_goes BEFORE DELETE ON stock_movement
  FOR EACH ROW EXECUTE FUNCTION stock_movement_goes();
"""


def upgrade() -> None:
    # The order lines of a product keep it from being removed at all: their foreign key has no CASCADE.
    with op.batch_alter_table("stock_movement", table_args=MOVEMENT_CHECKS) as movement:
        movement.drop_constraint("fk_stock_movement_product_id", type_="foreignkey")
        movement.create_foreign_key(
            "fk_stock_movement_product_id", "product", ["product_id"], ["product_id"], ondelete="CASCADE"
        )
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(SERVER_TRIGGERS)
        return
    for statement in EMBEDDED_TRIGGERS.strip().split("\n\n"):
        bind.exec_driver_sql(statement)
