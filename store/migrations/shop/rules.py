"""Association rules in force, and what they were mined from."""

revision = "shop_4"
down_revision = "shop_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in together with its tables."""
