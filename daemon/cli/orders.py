"""mailorder orders: what was ordered."""

from typing import Annotated, Any

import typer

from daemon.cli import order_files
from daemon.cli.shared import AsJson, Limit, config_of, fail, plain, print_json, print_rows
from daemon.config import Config
from daemon.handle.staff import NotDoneError, cancel_by_staff, fulfil_by_staff
from daemon.service.house import open_books, open_house
from daemon.wording.figures import Money, locale_of
from store import changing, orders
from store.facts import Order, OrderState, Revision

app = typer.Typer(help="What was ordered.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="An order number, for example MO-7K3F-9Q2D.")]


@app.command("list")
def list_orders(
    context: typer.Context,
    state: Annotated[OrderState | None, typer.Option(help="Only orders in this state.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The latest orders, newest first; money in cents under --json."""
    config = config_of(context)
    with open_books(config).reading() as connection:
        found = orders.listing(connection, state=state, limit=limit)
    rows = [row(order) for order in found]
    if not as_json:
        for line in rows:
            line["total"] = money_of(config)(line["total"])
    print_rows(rows, ("number", "placed_at", "state", "units", "total", "cancel_until"), as_json, "No orders yet.")


@app.command()
def show(context: typer.Context, number: Number, as_json: AsJson = False) -> None:
    """One order with its lines."""
    config = config_of(context)
    with open_books(config).reading() as connection:
        order = orders.by_numbers(connection, [number.upper()]).get(number.upper())
        changes = changing.changes(connection, [number.upper()])
    if order is None:
        raise fail(f"there is no order {number}; see `mailorder orders list`")
    if as_json:
        print_json({**row(order), "lines": lines(order), "changes": [change(one) for one in changes]})
        return
    money = money_of(config)
    for name, value in row(order).items():
        typer.echo(f"{name.ljust(13)} {money(value) if name == 'total' else plain(value)}")
    for line in order.lines:
        price = money(line.unit_price)
        typer.echo(f"  {line.quantity} x {line.product_id}  {line.name}  at {price}")
    for one in changes:
        before, after = money(one.before_cents), money(one.after_cents)
        typer.echo(f"  change {one.revision}, {plain(one.at)}: {before} before, {after} after")


@app.command()
def cancel(context: typer.Context, number: Number) -> None:
    """Cancel a placed order, whatever its deadline: stock comes back, the customer is told by mail."""
    with open_house(config_of(context)) as house:
        try:
            order = cancel_by_staff(house.desk, number.upper(), "staff", house.clock())
        except NotDoneError as error:
            raise fail(str(error)) from None
    typer.echo(f"{order.number}: cancelled; the customer will be told")


@app.command()
def fulfil(context: typer.Context, number: Number) -> None:
    """Note that a placed order has left the house; from now on letters can neither cancel nor change it."""
    with open_house(config_of(context)) as house:
        try:
            order = fulfil_by_staff(house.desk, number.upper(), house.clock())
        except NotDoneError as error:
            raise fail(str(error)) from None
    typer.echo(f"{order.number}: fulfilled")


order_files.add_to(app)


def money_of(config: Config) -> Money:
    return Money(config.shop.currency, locale_of(config.shop.locale))


def row(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_at": order.placed_at,
        "arrived_at": order.arrived_at,
        "state": order.state.value,
        "units": sum(line.quantity for line in order.lines),
        "total": order.total,
        "cancel_until": order.cancel_until,
        "closed_at": order.closed_at,
        "hashed_email": order.hashed_email,
        "letter_id": order.letter_id,
    }


def lines(order: Order | Revision) -> list[dict[str, Any]]:
    return [
        {
            "product_id": line.product_id,
            "name": line.name,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
        }
        for line in (order.lines if isinstance(order, Order) else order.before)
    ]


def change(one: Revision) -> dict[str, Any]:
    """What the order was before."""
    worth = {"before": one.before_cents, "after": one.after_cents}
    return {"revision": one.revision, "at": one.at, **worth, "lines_before": lines(one)}
