"""What was looked up because a letter asks for it: shapes, and what all answers to questions share."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from recommend.shapes import Source
from store.facts import JSON, Listing, Order, Page, Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """For what suggestions are wanted: for these products, by nobody or by a customer whose past counts.

    `to` is who gets them, proven or not: what they have is left out, which tells nobody else anything.
    """

    products: tuple[str, ...] = ()
    hashed_email: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A product that can be ordered, and why it is suggested.

    With the source RULE, `together` of the `antecedents` baskets that hold the products `because` hold it too.
    """

    product: Product
    source: Source
    because: tuple[str, ...] = ()
    together: int = 0
    antecedents: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """`histories` are the latest orders by customer; `near` the words of the catalogue nearest to terms not found;
    `left_out` the product ids that a customer is not to be recommended.
    """

    histories: Mapping[str, list[Order]] = field(default_factory=dict)
    pages: Mapping[Listing, Page] = field(default_factory=dict)
    near: Mapping[Listing, tuple[str, ...]] = field(default_factory=dict)
    suggested: Mapping[Wanted, list[Suggested]] = field(default_factory=dict)
    left_out: Mapping[str, Set[str]] = field(default_factory=dict)


def tell_product(product: Product) -> JSON:
    """A product with its one-tap order of one piece; money in cents."""
    return {
        "product_id": product.product_id,
        "name": product.name,
        "category": product.category,
        "unit_price": product.price,
        "quantity": 1,
    }
