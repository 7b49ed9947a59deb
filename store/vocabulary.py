"""The words of what is on sale, kept as the catalogue changes, and the products that hold each (an inverted index)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from store.facts import product_key, words_of
from store.models import catalogue_word, product, product_word
from store.sets import delete_many, insert_many, insert_of, pieces, write_many

WORD, PRODUCTS = catalogue_word.c.word, catalogue_word.c.products
SHORT = 3
"""A term of so few letters has to begin a word: "art" is in every party."""

MOST_ENTRIES = 10_000
"""So many (word, product) are counted for one search, those of the rarest words."""

Upsert = sqlite.Insert | postgresql.Insert


def counting(dialect: str) -> Upsert:
    statement = insert_of(dialect, catalogue_word)
    more = PRODUCTS + statement.excluded.products
    return statement.on_conflict_do_update(index_elements=[WORD], set_={"products": more})


COUNTING = {dialect: counting(dialect) for dialect in ("sqlite", "postgresql")}

Searched = tuple[str, str]
"""The id and the search text of a product on sale."""

Entry = tuple[str, str, int]
"""A word, the id of a product that holds it, and how many words that one has."""


def recount(conn: Connection, before: Iterable[Searched], after: Iterable[Searched]) -> None:
    """Products whose texts were `before` have those `after`; a word that none holds any longer is forgotten."""
    old, new = set(entries(before)), set(entries(after))
    delete_many(conn, product_word, [{"word": word, "product_id": one} for word, one, _ in sorted(old - new)])
    # In the order of the words: the same pages of the index one after the other.
    added = sorted(new - old)
    insert_many(conn, product_word, [{"word": word, "product_id": one, "words": many} for word, one, many in added])
    change = Counter(word for word, _, _ in added)
    change.subtract(Counter(word for word, _, _ in old - new))
    rows = [{"word": word, "products": by} for word, by in sorted(change.items()) if by]
    write_many(conn, COUNTING[conn.dialect.name], rows)
    for piece in pieces([word for word, by in change.items() if by < 0]):
        conn.execute(delete(catalogue_word).where(WORD.in_(piece), PRODUCTS <= 0))


def entries(searched: Iterable[Searched]) -> Iterator[Entry]:
    for product_id, text in searched:
        words = words_of(product_id, text)
        yield from ((word, product_id, len(words)) for word in words)


def lacks(conn: Connection, terms: Sequence[str]) -> bool:
    """Whether there is a term that certainly stands in no product on sale. Of terms with digits nothing is told: they
    may be a part of an id.
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


def words(conn: Connection) -> list[str]:
    """Every word, in order."""
    # One value instead of as many rows, which take five times as long.
    return sorted((conn.scalar(select(func.aggregate_strings(WORD, " "))) or "").split())


def holding(conn: Connection, terms: Sequence[Collection[str]], most: int) -> list[tuple[str, str]]:
    """(key, name) of `most` products on sale that hold words of the terms, each given by all the words it may mean:
    first whoever holds more of them, then whoever has fewer others.

    A term weighs the more the fewer products hold it (Spärck Jones, "A statistical interpretation of term
    specificity", 1972).
    """
    weights = weighed(conn, terms)
    if not weights:
        return []
    # Cut off only where a single word is held by more.
    entry = select(product_word).where(product_word.c.word.in_(list(weights))).limit(MOST_ENTRIES).subquery()
    weight = func.sum(case(weights, value=entry.c.word)).label("weight")
    many = func.min(entry.c.words).label("words")
    found = (
        select(entry.c.product_id, weight, many)
        .group_by(entry.c.product_id)
        .order_by(weight.desc(), many, entry.c.product_id)
        .limit(most)
        .subquery()
    )
    named = select(product.c.product_key, product.c.name).join(found, found.c.product_id == product.c.product_id)
    rows = conn.execute(named.order_by(found.c.weight.desc(), found.c.words, found.c.product_id))
    return [(key, name) for key, name in rows]


def weighed(conn: Connection, terms: Sequence[Collection[str]]) -> dict[str, float]:
    """The words of the rarest terms with MOST_ENTRIES entries together, one term at least, by what each weighs."""
    every = {word for words in terms for word in words}
    counted = conn.execute(select(WORD, PRODUCTS).where(WORD.in_(every)))
    counts = {row.word: row.products for row in counted}
    entries = {frozenset(words): sum(counts.get(word, 0) for word in words) for words in terms}
    ranked = sorted((many, sorted(words)) for words, many in entries.items() if many)
    sums = accumulate(many for many, _ in ranked)
    taken = [one for one, so_far in zip(ranked, sums, strict=True) if so_far <= max(one[0], MOST_ENTRIES)]
    # The rarest last, so that a word of two terms weighs what the rarer does.
    return {word: 1.0 / many for many, words in reversed(taken) for word in words if word in counts}


def on_sale(conn: Connection, words: Collection[str]) -> set[str]:
    """Those of the words that a product holds which can be had."""
    had = exists().where(
        product_word.c.word == WORD, product_word.c.product_id == product.c.product_id, product.c.on_hand > 0
    )
    return set(conn.scalars(select(WORD).where(WORD.in_(list(words)), had)))
