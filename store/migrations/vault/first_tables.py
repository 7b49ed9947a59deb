"""The vault as it began: addresses, enclosures, and the check of the key."""

import sqlalchemy as sa
from alembic import op

revision = "vault_1"
down_revision = None
branch_labels = None
depends_on = None

# SQLite keeps moments as text.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    create_email_lookup()
    create_shipping_address()
    create_enclosure()
    create_key_check()


def create_email_lookup() -> None:
    op.create_table(
        "email_lookup",
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("unhashed_email", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hashed_email", name="pk_email_lookup"),
    )


def create_shipping_address() -> None:
    op.create_table(
        "shipping_address",
        sa.Column("address_id", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address_id", name="pk_shipping_address"),
    )


def create_enclosure() -> None:
    op.create_table(
        "enclosure",
        sa.Column("enclosure_id", sa.Text(), nullable=False),
        sa.Column("hashed_email", sa.Text(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("enclosure_id", name="pk_enclosure"),
    )


def create_key_check() -> None:
    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_key_check_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_key_check"),
    )
