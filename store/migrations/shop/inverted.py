"""Which products hold a word; and the words are those of what is on sale."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "shop_9"
down_revision = "shop_8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    holding = op.create_table(
        "product_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "product_id", name="pk_product_word"),
        sqlite_with_rowid=False,
    )
    counting = sa.table("catalogue_word", sa.column("word", sa.Text()), sa.column("products", sa.BigInteger()))
    op.execute(sa.delete(counting))
    known = op.get_bind().execute(sa.text("SELECT product_id, search_text FROM product WHERE active"))
    held = {product_id: words_of(product_id, text) for product_id, text in known}
    entries = [{"word": word, "product_id": one, "words": len(words)} for one, words in held.items() for word in words]
    entries.sort(key=lambda entry: str(entry["word"]))
    op.bulk_insert(holding, entries)
    counted = Counter(entry["word"] for entry in entries)
    op.bulk_insert(counting, [{"word": word, "products": products} for word, products in counted.items()])


def words_of(product_id: str, text: str) -> set[str]:
    """As in `store.facts` when these rows were filled."""
    own = "".join(filter(str.isalnum, product_id)).upper().lower()
    words = {word for word in text.split() if any(map(str.isalpha, word))}
    return words if own.isalpha() or not own.isascii() else words - {own}
