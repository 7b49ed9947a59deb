"""The distinct words of the catalogue, and how many products hold each."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "shop_8"
down_revision = "shop_7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("products", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_catalogue_word"),
    )
    bind = op.get_bind()
    known = bind.execute(sa.text("SELECT product_id, search_text FROM product"))
    counted = Counter(word for one in known for word in words_of(*one))
    if counted:
        rows = [{"word": word, "products": products} for word, products in sorted(counted.items())]
        bind.execute(sa.text("INSERT INTO catalogue_word (word, products) VALUES (:word, :products)"), rows)


def words_of(product_id: str, text: str) -> set[str]:
    """As in `store.vocabulary` when these rows were filled."""
    own = "".join(filter(str.isalnum, product_id)).lower()
    words = {word for word in text.split() if any(map(str.isalpha, word))}
    return words if own.isalpha() or not own.isascii() else words - {own}
