"""The words of the catalogue: the same as its products hold after whatever was done, and never a word too few."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select
from store_makers import NOW

from store import browsing, catalogue, vocabulary
from store.database import Database
from store.facts import Listing, Movement, MovementReason, Product, search_text, words_of
from store.models import catalogue_word, product, product_word

LAMP = Product("BB22BB22BB22", "Brass lamp", "light", price=2000, on_hand=5)
CANDLE = Product("AA11AA11AA11", "Beeswax candle", "light", price=500, on_hand=5)
SOLD_OUT = Product("EE55EE55EE55", "Lantern", "light", price=300, on_hand=0)
RETIRED = Product("FF66FF66FF66", "Landau", "carriage", price=200, on_hand=5, active=False)
ODD = Product("KITCHEN-33X", "USB3 Café", "Küche", price=700, on_hand=1)
PLAIN = Product("TEAPOT", "For two", "", price=800, on_hand=1)


@pytest.fixture
def conn(shop: Database) -> Iterator[Connection]:
    with shop.transaction() as connection:
        catalogue.add(connection, [LAMP, CANDLE, SOLD_OUT, RETIRED, ODD, PLAIN], "test", NOW)
        yield connection


def counted(conn: Connection) -> Counter[str]:
    query = select(catalogue_word.c.word, catalogue_word.c.products)
    return Counter({row.word: row.products for row in conn.execute(query)})


def found_by(conn: Connection) -> set[tuple[str, str, int]]:
    query = select(product_word.c.word, product_word.c.product_id, product_word.c.words)
    return {(word, product_id, words) for word, product_id, words in conn.execute(query)}


@pytest.mark.parametrize("term", ["unicorn", "lampx", "amp", "xlamp", "zz", "rass"[::-1], "carriage"])
def test_a_word_in_no_product_is_known_to_be_lacking(conn: Connection, term: str) -> None:
    assert vocabulary.lacks(conn, [term])
    assert vocabulary.lacks(conn, ["lamp", term])


@pytest.mark.parametrize(
    "term",
    ["lamp", "lam", "rass", "light", "lantern", "usb", "cafe", "kuche", "kitchen", "teapot", "eapo", "bb"],
)
def test_a_word_in_any_product_or_at_the_beginning_of_an_id_is_not_lacking(conn: Connection, term: str) -> None:
    assert not vocabulary.lacks(conn, [term])


@pytest.mark.parametrize("term", ["b22b", "33x", "9999", "zz9"])
def test_of_terms_with_digits_nothing_is_told(conn: Connection, term: str) -> None:
    """They may be a part of an id, and the ids are not among the words."""
    assert not vocabulary.lacks(conn, [term])


def test_ids_with_digits_are_not_among_the_words(conn: Connection) -> None:
    assert set(counted(conn)) == {
        *("brass", "lamp", "light", "beeswax", "candle", "lantern"),
        *("kitchen", "33x", "usb3", "cafe", "kuche", "teapot", "for", "two"),
    }
    assert counted(conn)["light"] == 3


def test_for_a_word_that_is_lacking_no_product_is_looked_at(shop: Database) -> None:
    with shop.transaction() as conn:
        catalogue.add(conn, [LAMP], "test", NOW)
        asked: list[str] = []
        event.listen(shop.engine, "before_cursor_execute", lambda *say: asked.append(say[2]))
        assert browsing.page(conn, Listing(10, ("unicorn",))).products == ()
        assert [sql for sql in asked if "search_text" in sql] == []
        assert browsing.page(conn, Listing(10, ("lamp",))).products == (LAMP,)
        assert len([sql for sql in asked if "search_text" in sql]) == 1


def test_first_comes_what_holds_the_rarest_words_and_fewest_others(conn: Connection) -> None:
    longer = replace(LAMP, product_id="AA00", name="Brass lamp of old")
    catalogue.add(conn, [longer], "test", NOW)
    assert vocabulary.holding(conn, [["brass"], ["lamp"], ["beeswax"]], 10) == [
        (CANDLE.key, CANDLE.name),
        (LAMP.key, LAMP.name),
        (longer.key, longer.name),
    ]
    assert vocabulary.holding(conn, [["brass"], ["lamp"]], 1) == [(LAMP.key, LAMP.name)]
    assert vocabulary.holding(conn, [["landau"], ["unicorn"], []], 10) == vocabulary.holding(conn, [], 10) == []


def test_of_common_words_no_more_is_counted_than_a_bound(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_ENTRIES", 2)
    assert vocabulary.weighed(conn, [["light"], ["lamp"], ["candle"]]) == {"candle": 1.0, "lamp": 1.0}
    assert vocabulary.weighed(conn, [["light"]]) == {"light": 1 / 3}, "the rarest is counted however common"
    assert len(vocabulary.holding(conn, [["light"]], 10)) == 2, "but not to its end"


def test_a_term_weighs_by_all_the_words_it_may_mean(conn: Connection) -> None:
    """A look-alike that fewer hold pushes nothing aside."""
    assert vocabulary.weighed(conn, [["light", "lantern"], ["lamp"]]) == {"light": 0.25, "lantern": 0.25, "lamp": 1.0}
    assert vocabulary.weighed(conn, [["light", "lamp"], ["lamp"]]) == {"light": 0.25, "lamp": 1.0}


def test_what_is_retired_or_deleted_is_held_no_longer(conn: Connection) -> None:
    catalogue.change(conn, [replace(LAMP, active=False)])
    catalogue.remove(conn, CANDLE.product_id)
    assert vocabulary.holding(conn, [["lamp", "candle"], ["beeswax"], ["brass"]], 10) == []
    catalogue.change(conn, [LAMP])
    assert vocabulary.holding(conn, [["lamp"]], 10) == [(LAMP.key, LAMP.name)]


def test_what_cannot_be_had_is_not_on_sale(conn: Connection) -> None:
    assert vocabulary.on_sale(conn, ["lamp", "lantern", "landau", "light", "unicorn"]) == {"lamp", "light"}
    catalogue.move(conn, [Movement(SOLD_OUT.product_id, 2, MovementReason.RECEIVED, NOW, "test")])
    assert vocabulary.on_sale(conn, ["lantern", "landau"]) == {"lantern"}
    assert vocabulary.on_sale(conn, []) == set()


def test_a_whole_range_is_described_anew_at_once(shop: Database) -> None:
    """More words leave than PostgreSQL compares with in one expression."""
    old = [Product(f"P{n:05}", f"one{n} two{n} three{n} four{n} five{n}", "", price=1, on_hand=1) for n in range(2_000)]
    with shop.transaction() as conn:
        catalogue.add(conn, old, "test", NOW)
        catalogue.change(conn, [replace(one, name=f"all new {one.product_id}") for one in old])
        assert counted(conn)["new"] == len(old)
        assert "three7" not in counted(conn)
        assert {word for word, _, _ in found_by(conn)} == {"all", "new"}
        catalogue.change(conn, [replace(one, active=False) for one in old])
        assert found_by(conn) == set()


texts = st.text(alphabet="ab Éß-4", max_size=8)
ids = st.text(alphabet="AB4-", min_size=1, max_size=5).filter(lambda text: any(map(str.isalnum, text)))
deeds = st.tuples(st.sampled_from(["add", "change", "retire", "remove"]), ids, texts, texts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, max_size=12), texts)
def test_whatever_is_done_the_words_are_those_of_the_products(
    shop: Database, done: list[tuple[str, str, str, str]], sought: str
) -> None:
    with shop.transaction() as conn:
        trial = conn.begin_nested()
        for what, product_id, name, category in done:
            do(conn, what, Product(product_id, name, category, price=1, on_hand=1))
        there = select(product.c.product_id, product.c.search_text).where(product.c.active)
        held = [(row[0], row[1]) for row in conn.execute(there)]
        assert counted(conn) == Counter(word for one in held for word in words_of(*one))
        assert found_by(conn) == {
            (word, product_id, len(words_of(product_id, text)))
            for product_id, text in held
            for word in words_of(product_id, text)
        }
        assert vocabulary.words(conn) == sorted(counted(conn))
        for term in search_text(sought).split():
            found = [text for _, text in held if (f" {term}" if len(term) <= vocabulary.SHORT else term) in text]
            # Found after all it may be, in the midst of an id; lacking it must never be.
            in_words = [text for one, text in held if any(is_found(term, word) for word in words_of(one, text))]
            assert not (in_words and vocabulary.lacks(conn, [term])), term
            assert found or not browsing.page(conn, Listing(5, (term,))).products
        trial.rollback()


def is_found(term: str, word: str) -> bool:
    return word.startswith(term) if len(term) <= vocabulary.SHORT else term in word


def do(conn: Connection, what: str, one: Product) -> None:
    known = catalogue.products(conn, [one.key]).get(one.key)
    if known is None:
        catalogue.add(conn, [one], "test", NOW)
    elif what == "remove":
        catalogue.remove(conn, known.product_id)
    else:
        catalogue.change(conn, [replace(one, product_id=known.product_id, active=what == "change")])
