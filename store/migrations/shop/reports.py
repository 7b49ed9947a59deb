"""Which report was made for which period, and what it said."""

revision = "shop_6"
down_revision = "shop_5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in together with its tables."""
