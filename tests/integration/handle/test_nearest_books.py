"""The books and a shelf in memory give the same answer to whatever is asked."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.handle.nearest import Searching
from daemon.request.shelf import shelf_of
from store import catalogue
from store.database import Database
from store.facts import Product

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        "brass",
        "lamp",
        "lamps",
        "red",
        "tea",
        "pot",
        "teapot",
        "café",
        "mug",
        "mugs",
        "of",
        "1.2",
        "l",
        "large",
        "BJ02",
        "Küche",
        "USB3",
    ]
)
NAMES = st.lists(WORDS, max_size=4).map(" ".join)
IDS = st.text(alphabet="AB12-", min_size=3, max_size=7).filter(lambda text: any(map(str.isalnum, text)))
PRODUCTS = st.builds(Product, IDS, NAMES, st.just(""), st.just(100), st.just(5), active=st.booleans())
GOODS = st.lists(PRODUCTS, max_size=8, unique_by=lambda product: product.key)
WRITTEN = st.one_of(NAMES, IDS, st.text(alphabet="abelmprst AB12", max_size=16))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GOODS, st.lists(WRITTEN, max_size=6))
def test_the_books_find_what_a_shelf_finds(shop: Database, goods: list[Product], asked: list[str]) -> None:
    shelf = shelf_of(goods)
    with shop.transaction() as connection:
        trial = connection.begin_nested()
        catalogue.add(connection, goods, "test", NOW)
        searching = Searching(connection, {})
        for written in asked:
            found = searching(written)
            assert found is not None
            assert set(found) == set(shelf.nearest(written)), written
            assert all(product.active for product in found)
        trial.rollback()
