"""The distinct words of the catalogue, kept as it changes: what no product holds is known without a look at each."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, delete, exists, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from store.facts import product_key
from store.models import catalogue_word, product
from store.sets import insert_of, pieces, write_many

WORD, PRODUCTS = catalogue_word.c.word, catalogue_word.c.products
SHORT = 3
"""A term of so few letters has to begin a word: "art" is in every party."""

MOST_WORDS = 1_000
"""So many words, the commonest first, are compared with one that was not found."""


def words_of(product_id: str, text: str) -> set[str]:
    """The words of a search text that are counted: those with a letter in them, but no id of one word with a digit.

    Such ids are as many as there are products, and where one begins is told by the index of product_key.
    """
    own = product_key(product_id).lower()
    words = {word for word in text.split() if any(map(str.isalpha, word))}
    return words if own.isalpha() or not own.isascii() else words - {own}


Upsert = sqlite.Insert | postgresql.Insert


def counting(dialect: str) -> Upsert:
    statement = insert_of(dialect, catalogue_word)
    more = PRODUCTS + statement.excluded.products
    return statement.on_conflict_do_update(index_elements=[WORD], set_={"products": more})


COUNTING = {dialect: counting(dialect) for dialect in ("sqlite", "postgresql")}

Searched = tuple[str, str]
"""A product's id and its search text."""


def recount(conn: Connection, before: Iterable[Searched], after: Iterable[Searched]) -> None:
    """Products whose texts were `before` have those `after`; a word that none holds any longer is forgotten."""
    change = Counter(word for one in after for word in words_of(*one))
    change.subtract(Counter(word for one in before for word in words_of(*one)))
    # In the order of the words: the same pages of the index one after the other.
    rows = [{"word": word, "products": by} for word, by in sorted(change.items()) if by]
    write_many(conn, COUNTING[conn.dialect.name], rows)
    for piece in pieces([word for word, by in change.items() if by < 0]):
        conn.execute(delete(catalogue_word).where(WORD.in_(piece), PRODUCTS <= 0))


def lacks(conn: Connection, terms: Sequence[str]) -> bool:
    """Whether there is a term that certainly stands in no product, on sale or not. Of terms with digits nothing is
    told: they may be a part of an id.
    """
    spelled = [term for term in terms if term.isalpha()]
    if not spelled:
        return False
    held = conn.execute(select(*(exists().where(holds(term)) for term in spelled))).one()
    return any(not one and not begins_an_id(conn, term) for one, term in zip(held, spelled, strict=True))


def holds(term: str) -> ColumnElement[bool]:
    return WORD.startswith(term, autoescape=True) if len(term) <= SHORT else WORD.contains(term, autoescape=True)


def begins_an_id(conn: Connection, term: str) -> bool:
    key = product_key(term)
    query = select(product.c.product_key).where(product.c.product_key >= key).order_by(product.c.product_key)
    return (conn.scalar(query.limit(1)) or "").startswith(key)


def near(conn: Connection, terms: Iterable[str]) -> list[str]:
    """Words of the catalogue in which a half of one of the terms stands, MOST_WORDS of them at most.

    One slip of the finger leaves one half of a word whole (the pigeonhole principle of approximate matching: Wu and
    Manber, "Fast text searching allowing errors", 1992), so the word that was meant is among them.
    """
    parts = [part for term in terms for part in whole_parts(term)]
    if not parts:
        return []
    return list(conn.scalars(select(WORD).where(or_(*parts)).order_by(PRODUCTS.desc(), WORD).limit(MOST_WORDS)))


def whole_parts(term: str) -> tuple[ColumnElement[bool], ...]:
    """What of a word a single slip leaves whole: a half, or all of it but for two letters swapped over the middle."""
    middle = len(term) // 2
    swapped = term[: middle - 1] + term[middle : middle + 1] + term[middle - 1 : middle] + term[middle + 1 :]
    anywhere = (WORD.contains(part, autoescape=True) for part in (term[middle:], swapped if middle else term))
    return WORD.startswith(term[:middle], autoescape=True), *anywhere


def on_sale(conn: Connection, words: Iterable[str]) -> set[str]:
    """Those of the words that a product holds which can be had."""
    begun = product.c.search_text.contains(literal(" ") + WORD)
    held = exists().where(product.c.active, product.c.on_hand > 0, begun)
    found: set[str] = set()
    for piece in pieces(list(words)):
        found.update(conn.scalars(select(WORD).where(WORD.in_(piece), held)))
    return found
