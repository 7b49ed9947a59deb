"""Which report was made for which period, and what it said; mails to staff whom the configuration names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "shop_6"
down_revision = "shop_5"
branch_labels = None
depends_on = None

# SQLite keeps moments as text, and numbers rows by itself only under a column of exactly INTEGER.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = "role IN ('operator', 'human', 'staff')"


def upgrade() -> None:
    create_report_run()
    create_report_start()
    mail_to_staff()
    # What was cancelled within a period, among all the orders that ever were.
    op.create_index("ix_order_cancelled_at", "order", ["closed_at"], **only_where("state = 'cancelled'"))


def create_report_run() -> None:
    op.create_table(
        "report_run",
        sa.Column("id", ROW_ID, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("report", "span", "period_key")),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("start_at", "end_at", "due_at", "made_at")),
        sa.Column("next_due_at", INSTANT, nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("late", "by_hand")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("period", "snapshot")),
        sa.CheckConstraint("report IN ('finance', 'marketing')", name="ck_report_run_report"),
        sa.CheckConstraint("span IN ('day', 'week', 'month')", name="ck_report_run_span"),
        sa.PrimaryKeyConstraint("id", name="pk_report_run"),
    )
    once = ["report", "period_key"]
    op.create_index("uq_report_run_once", "report_run", once, unique=True, **only_where("NOT by_hand"))
    op.create_index("ix_report_run_end", "report_run", ["report", "span", "end_at"])


def create_report_start() -> None:
    op.create_table(
        "report_start",
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.CheckConstraint("report IN ('finance', 'marketing')", name="ck_report_start_report"),
        sa.CheckConstraint("span IN ('day', 'week', 'month')", name="ck_report_start_span"),
        sa.PrimaryKeyConstraint("report", "span", name="pk_report_start"),
    )


def mail_to_staff() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("ck_outbox_role", type_="check")
        outbox.create_check_constraint("ck_outbox_role", ROLES)


def only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
