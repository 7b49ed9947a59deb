"""Orders that were changed within their window, and wishes for what is sold out."""

revision = "shop_7"
down_revision = "shop_6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in together with its tables."""
