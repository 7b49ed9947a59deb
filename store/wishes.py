"""Who wants to be told when a product is back in stock: asked once, told once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from store.facts import Product, Wish
from store.models import product, wish
from store.sets import columns_of, insert_into, pieces, row_of

WISH = columns_of(wish, Wish)
PRODUCT = columns_of(product, Product)


def keep(conn: Connection, wishes: Sequence[Wish]) -> None:
    """Note the wishes; one that is there already counts from now on."""
    if wishes:
        new = insert_into(conn, wish)
        fresh = {"asked_at": new.excluded["asked_at"]}
        upsert = new.on_conflict_do_update(index_elements=["product_id", "hashed_email"], set_=fresh)
        conn.execute(upsert, [row_of(one) for one in wishes])


def of_customers(conn: Connection, hashed_emails: Collection[str]) -> dict[str, set[str]]:
    """What each of them waits for, by product_id; who waits for nothing is not listed."""
    found: dict[str, set[str]] = {}
    for piece in pieces(hashed_emails):
        query = select(wish.c.hashed_email, wish.c.product_id).where(wish.c.hashed_email.in_(piece))
        for hashed_email, product_id in conn.execute(query):
            found.setdefault(hashed_email, set()).add(product_id)
    return found


def of_customer(conn: Connection, hashed_email: str) -> list[Wish]:
    """The wishes of one person, oldest first."""
    query = select(*WISH).where(wish.c.hashed_email == hashed_email)
    found = [Wish(*row) for row in conn.execute(query)]
    return sorted(found, key=lambda one: (one.asked_at, one.product_id))


def fulfilled(conn: Connection, limit: int) -> list[tuple[Wish, Product]]:
    """At most `limit` wishes whose product is on sale and in stock again, oldest first."""
    query = (
        select(*WISH, *PRODUCT)
        .join(product, product.c.product_id == wish.c.product_id)
        .where(product.c.active, product.c.on_hand > 0)
        .order_by(wish.c.asked_at, wish.c.hashed_email)
        .limit(limit)
    )
    width = len(WISH)
    return [(Wish(*row[:width]), Product(*row[width:])) for row in conn.execute(query)]


def any_due(conn: Connection, too_old: datetime) -> bool:
    """Whether there is anything to do: a wish fulfilled, or one from before `too_old`. Reads only."""
    old = select(wish.c.product_id).where(wish.c.asked_at < too_old).limit(1)
    return bool(conn.execute(old).first() or fulfilled(conn, 1))


def drop(conn: Connection, wishes: Sequence[Wish]) -> None:
    """Forget wishes that are told."""
    for piece in pieces([(one.product_id, one.hashed_email) for one in wishes]):
        conn.execute(delete(wish).where(tuple_(wish.c.product_id, wish.c.hashed_email).in_(piece)))


def expire(conn: Connection, before: datetime) -> int:
    """Forget wishes that are older; returns how many."""
    return conn.execute(delete(wish).where(wish.c.asked_at < before)).rowcount


def forget(conn: Connection, hashed_email: str) -> int:
    """Forget all that one person wishes for; returns how many."""
    return conn.execute(delete(wish).where(wish.c.hashed_email == hashed_email)).rowcount
