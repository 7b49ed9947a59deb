"""Products and every movement of stock."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.facts import MovementReason
from store.models.kinds import Instant, RowId, Shop, Word, one_of, only_where, table_of


class ProductRow(Shop, table=True):
    """`on_hand` is written by the trigger on stock_movement alone; its CHECK is what makes overselling impossible."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("cost >= 0", name="cost"),
        UniqueConstraint("product_key"),
        # Pages of the catalogue, cheapest first; a word is looked for in the index alone. Without on_hand, so that no
        # order has to write it.
        Index("ix_product_price", "price", "product_id", "search_text"),
    )

    product_id: str = Field(sa_type=Text, primary_key=True)
    product_key: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    price: int = Field(sa_type=BigInteger)
    cost: int | None = Field(sa_type=BigInteger)
    supplier_id: str = Field(sa_type=Text)
    active: bool
    on_hand: int = Field(sa_type=BigInteger)
    search_text: str = Field(sa_type=Text, sa_column_kwargs={"server_default": ""})


class StockMovementRow(Shop, table=True):
    """Append-only: triggers add each row to `product.on_hand` and forbid changing one.

    A row is removed only together with its product, and a product only as long as nobody ordered it.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        one_of("reason", MovementReason),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("reason <> 'order' OR (quantity < 0 AND order_number IS NOT NULL)", name="leaves"),
        CheckConstraint("reason <> 'cancellation' OR (quantity > 0 AND order_number IS NOT NULL)", name="returns"),
        CheckConstraint("reason <> 'change' OR order_number IS NOT NULL", name="changes"),
        # An order takes a product once and gives it back once, whatever is done twice. It may be changed more often:
        # there the revision is what is once.
        Index(
            "uq_stock_movement_once",
            "order_number",
            "product_id",
            "reason",
            unique=True,
            **only_where("order_number IS NOT NULL AND reason <> 'change'"),
        ),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    product_id: str = Field(sa_type=Text, foreign_key="product.product_id", ondelete="CASCADE")
    quantity: int = Field(sa_type=BigInteger)
    reason: MovementReason = Field(sa_type=Word(MovementReason))
    order_number: str | None = Field(sa_type=Text, foreign_key="order.number")
    actor: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class CatalogueWordRow(Shop, table=True):
    """How many products on sale hold a word. Written when a product is described, never by an order."""

    __tablename__ = "catalogue_word"

    word: str = Field(sa_type=Text, primary_key=True)
    products: int = Field(sa_type=BigInteger)


class ProductWordRow(Shop, table=True):
    """Which products on sale hold a word, of how many in all (an inverted index); written with `catalogue_word`.

    Without a foreign key: it would need an index of its own, and a row too many is only a suggestion that is not made.
    """

    __tablename__ = "product_word"
    # The key is all there is; SQLite would keep it twice.
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: str = Field(sa_type=Text, primary_key=True)
    product_id: str = Field(sa_type=Text, primary_key=True)
    words: int


product = table_of(ProductRow)
catalogue_word = table_of(CatalogueWordRow)
product_word = table_of(ProductWordRow)
stock_movement = table_of(StockMovementRow)
