"""Minings, the rules in force, and how often each product is bought."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "shop_4"
down_revision = "shop_3"
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only under a column of exactly INTEGER.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite keeps moments as text.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    create_mining()
    create_rule()
    create_popularity()


def create_mining() -> None:
    op.create_table(
        "mining",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("baskets", sa.BigInteger(), nullable=False),
        sa.Column("too_wide", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.BigInteger(), nullable=False),
        sa.Column("pairs", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="ck_mining_finished"),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="ck_mining_reason"),
        sa.CheckConstraint("state IN ('running', 'in_force', 'replaced', 'failed')", name="ck_mining_state"),
        sa.PrimaryKeyConstraint("id", name="pk_mining"),
    )
    op.create_index("uq_mining_running", "mining", ["state"], unique=True, **only_where("state = 'running'"))
    op.create_index("uq_mining_in_force", "mining", ["state"], unique=True, **only_where("state = 'in_force'"))


def create_rule() -> None:
    op.create_table(
        "rule",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("antecedent", sa.Text(), nullable=False),
        sa.Column("consequent", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("together", sa.BigInteger(), nullable=False),
        sa.Column("antecedents", sa.BigInteger(), nullable=False),
        sa.Column("consequents", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Float(53), nullable=False),
        sa.CheckConstraint(
            "together >= 1 AND antecedents >= together AND consequents >= together", name="ck_rule_counts"
        ),
        sa.CheckConstraint("evidence IN ('rule', 'pair')", name="ck_rule_evidence"),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
    )


def create_popularity() -> None:
    op.create_table(
        "popularity",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("baskets", sa.BigInteger(), nullable=False),
        sa.Column("customers", sa.BigInteger(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("again >= 0 AND customers >= again", name="ck_popularity_again"),
        sa.CheckConstraint("baskets >= 1", name="ck_popularity_baskets"),
        sa.PrimaryKeyConstraint("product_id", name="pk_popularity"),
    )


def only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
