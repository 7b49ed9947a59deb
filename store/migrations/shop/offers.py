"""Offers made, to whom none was made for comparison, and what was offered."""

revision = "shop_5"
down_revision = "shop_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in together with its tables."""
