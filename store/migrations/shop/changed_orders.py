"""Orders that were changed within their window, wishes for what is sold out, and shelves to be looked through."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "shop_7"
down_revision = "shop_6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    let_products_be_searched()


def let_products_be_searched() -> None:
    op.add_column("product", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    bind = op.get_bind()
    known = bind.execute(sa.text("SELECT product_id, name, category FROM product")).all()
    if known:
        rows = [{"id": one.product_id, "text": search_text(*one)} for one in known]
        bind.execute(sa.text("UPDATE product SET search_text = :text WHERE product_id = :id"), rows)
    op.create_index("ix_product_price", "product", ["price", "product_id"])
    op.create_index("ix_popularity_baskets", "popularity", ["baskets", "product_id"])


def search_text(*texts: str) -> str:
    """As `store.facts.search_text` was when these rows were filled."""
    apart = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    kept = (letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return f" {' '.join(''.join(kept).split())}"
