"""mailorder products: what is on the shelves, and every hand that changes it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import typer

from daemon.cli import product_files
from daemon.cli.orders import money_of
from daemon.cli.shared import AsJson, By, Limit, config_of, fail, named, print_fields, print_json, print_rows
from daemon.importing.amounts import MOST_UNITS, Refusal
from daemon.importing.products import cells
from daemon.importing.products import product_id as as_product_id
from daemon.letter.charsets import visible
from daemon.service.house import open_books, utc_now
from store import catalogue
from store.database import Connection
from store.facts import Movement, MovementReason, Product, Removed, product_key

app = typer.Typer(help="What is on the shelves, and every change of it.", no_args_is_help=True)
product_files.add_to(app)

Id = Annotated[str, typer.Argument(metavar="ID", help="A product id; case, hyphens and blanks don't matter.")]
Quantity = Annotated[int, typer.Argument(min=1, max=MOST_UNITS, help="How many.")]
Name = Annotated[str | None, typer.Option(help="What customers read.")]
Category = Annotated[str | None, typer.Option(help="Its kind; empty: none.")]
Price = Annotated[str | None, typer.Option(help="Sale price in the shop's currency, like 49.50.")]
Cost = Annotated[str | None, typer.Option(help="Wholesale cost, like 24.20; empty: not known.")]
Supplier = Annotated[str | None, typer.Option(help="The supplier's id; empty: none.")]

COLUMNS = ("product_id", "name", "category", "on_hand", "price", "cost", "supplier_id", "active")


@app.command("list")
def list_products(
    context: typer.Context,
    word: Annotated[str, typer.Argument(help="Only products whose id, name or category holds this.")] = "",
    active: Annotated[bool | None, typer.Option("--active/--retired", help="Only those on sale, or not.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Products in the order of their ids; money in cents under --json."""
    config = config_of(context)
    with open_books(config).reading() as connection:
        found = catalogue.search(connection, word, active, limit)
    money = money_of(config) if not as_json else int
    nothing = "No such product." if word or active is not None else "None yet."
    print_rows(
        [row(product, money) for product in found],
        COLUMNS,
        as_json,
        nothing,
    )


@app.command()
def show(context: typer.Context, product_id: Id, limit: Limit = 20, as_json: AsJson = False) -> None:
    """One product and its latest movements: what came, what went, why, and by whose hand."""
    config = config_of(context)
    with open_books(config).reading() as connection:
        product = known(connection, product_id)
        count, moved = catalogue.moved(connection, product.product_id)
        latest = catalogue.movements(connection, product.product_id, limit)
    if as_json:
        told = {"movements": [movement(one) for one in latest], "movement_count": count, "moved": moved}
        print_json(row(product, int) | told)
        return
    print_fields(row(product, money_of(config)), as_json)
    proof = "as many as on hand" if moved == product.on_hand else f"BUT {product.on_hand} ON HAND: run mailorder check"
    typer.echo(f"\n{count} movement{'s' if count != 1 else ''}, {moved} in all: {proof}")
    columns = ("at", "quantity", "reason", "order_number", "actor")
    print_rows([movement(one) for one in latest], columns, as_json, "")


@app.command()
def add(
    context: typer.Context,
    product_id: Annotated[str, typer.Argument(metavar="ID", help="Letters and digits, between them - _ . / too.")],
    price: Annotated[str, typer.Option(help="Sale price in the shop's currency, like 49.50.")],
    name: Name = None,
    category: Category = None,
    cost: Cost = None,
    supplier: Supplier = None,
    quantity: Annotated[int, typer.Option(min=0, max=MOST_UNITS, help="How many are on hand.")] = 0,
    by: By = "staff",
) -> None:
    """A new product, on sale at once; without a name it goes by its id."""
    config = config_of(context)
    clean_id = taken("ID", product_id, as_product_id)
    given = said(config.shop.currency, name=name, category=category, price=price, cost=cost, supplier=supplier)
    product = Product(**{"product_id": clean_id, "name": clean_id, "category": "", "on_hand": quantity} | given)
    with open_books(config).transaction() as connection:
        if there := catalogue.products(connection, [product.key]):
            raise fail(f"{there[product.key].product_id} is there already; see `mailorder products change`")
        catalogue.add(connection, [product], named(by), utc_now())
    typer.echo(f"{clean_id}: added, {quantity} on hand")


@app.command()
def change(
    context: typer.Context,
    product_id: Id,
    name: Name = None,
    category: Category = None,
    price: Price = None,
    cost: Cost = None,
    supplier: Supplier = None,
    active: Annotated[bool | None, typer.Option("--active/--retired", help="Whether it can be ordered.")] = None,
) -> None:
    """Change what is given of a product. Orders keep their prices; what is on hand changes by receive and adjust."""
    config = config_of(context)
    given = said(config.shop.currency, name=name, category=category, price=price, cost=cost, supplier=supplier)
    if active is not None:
        given["active"] = active
    if not given:
        raise fail("say what to change, for example --price 12.50")
    with open_books(config).transaction() as connection:
        before = known(connection, product_id)
        after = replace(before, **given)
        catalogue.change(connection, [after])
    typer.echo(f"{before.product_id}: {'changed' if after != before else 'is so already'}")


@app.command()
def remove(context: typer.Context, product_id: Id) -> None:
    """Delete a product that was never ordered; retire any other: it stays in the history and cannot be ordered."""
    with open_books(config_of(context)).transaction() as connection:
        product = known(connection, product_id)
        removed = catalogue.remove(connection, product.product_id)
    words = {
        Removed.DELETED: "deleted; it was never ordered",
        Removed.RETIRED: "retired; orders of it stay as they are",
    }
    typer.echo(f"{product.product_id}: {words[removed]}")


@app.command()
def receive(context: typer.Context, product_id: Id, quantity: Quantity, by: By = "staff") -> None:
    """More of a product has arrived."""
    actor = named(by)
    with open_books(config_of(context)).transaction() as connection:
        product = known(connection, product_id)
        arrived = Movement(product.product_id, quantity, MovementReason.RECEIVED, utc_now(), actor)
        catalogue.move(connection, [arrived])
    typer.echo(f"{product.product_id}: {quantity} received, {product.on_hand + quantity} on hand")


@app.command()
def adjust(
    context: typer.Context,
    product_id: Id,
    counted: Annotated[int, typer.Argument(min=0, max=MOST_UNITS, help="How many there really are.")],
    reason: Annotated[str, typer.Option(help="Why the books were wrong, for example: two broken.")],
    by: By = "staff",
) -> None:
    """Set what is on hand right after counting: the difference is booked as a correction."""
    actor = f"{named(by)}: {named(reason, '--reason', 200)}"
    with open_books(config_of(context)).transaction() as connection:
        product = known(connection, product_id)
        difference = counted - product.on_hand
        if difference:
            moved = Movement(product.product_id, difference, MovementReason.CORRECTION, utc_now(), actor)
            catalogue.move(connection, [moved])
    done = f"{difference:+d}, {counted} on hand" if difference else f"{counted} on hand already"
    typer.echo(f"{product.product_id}: {done}")


def known(connection: Connection, product_id: str) -> Product:
    found = catalogue.products(connection, [product_key(product_id)])
    if not found:
        raise fail(f"there is no product {product_id!r}; see `mailorder products list {product_id[:4]}`")
    return found[product_key(product_id)]


COLUMN_OF = {
    "name": "name",
    "category": "category",
    "price": "sale_price",
    "cost": "wholesale_cost",
    "supplier": "supplier_id",
}
WHEN_EMPTY = {"category": "", "cost": None, "supplier": ""}


def said(currency: str, **options: str | None) -> dict[str, Any]:
    """The fields of a product that options fill, by the rules of a table's cells; fails on the first that is wrong."""
    readers, fields = cells(currency), {}
    for option, told in options.items():
        field, read = readers[COLUMN_OF[option]]
        if told is None:
            continue
        if not told.strip() and option in WHEN_EMPTY:
            fields[field] = WHEN_EMPTY[option]
        else:
            fields[field] = taken(f"--{option}", told, read)
    return fields


def taken(option: str, told: str, read: Callable[[str], Any]) -> Any:
    cell = " ".join(visible(told).split())
    value = read(cell) if cell else Refusal("empty", "is empty")
    if isinstance(value, Refusal):
        raise fail(f"{option} {told!r} {value.words}")
    return value


def row(product: Product, money: Callable[[int], Any]) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "name": product.name,
        "category": product.category,
        "on_hand": product.on_hand,
        "price": money(product.price),
        "cost": None if product.cost is None else money(product.cost),
        "supplier_id": product.supplier_id,
        "active": product.active,
    }


def movement(one: Movement) -> dict[str, Any]:
    return {
        "at": one.at,
        "quantity": one.quantity,
        "reason": one.reason.value,
        "order_number": one.order_number,
        "actor": one.actor,
    }
