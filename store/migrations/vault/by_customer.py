"""What is kept of one person is found, and erased, without walking the tables."""

from alembic import op

revision = "vault_2"
down_revision = "vault_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_shipping_address_customer", "shipping_address", ["hashed_email"])
    op.create_index("ix_enclosure_customer", "enclosure", ["hashed_email"])
