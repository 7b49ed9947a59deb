"""mailorder offers: what was offered after orders, whether it pays, and who gets none."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from daemon.cli.orders import money_of
from daemon.cli.shared import AsJson, Limit, config_of, fail, print_json, print_rows, read_aside
from daemon.config import Config
from daemon.letter.addresses import mailboxes, plausible
from daemon.lift import Interval, Lift, lift_of
from daemon.service.house import open_books, open_existing, utc_now
from daemon.wording.figures import Money
from store import catalogue, customers, offers
from store.database import Connection
from store.facts import Arm, ArmFigures, Offer, OfferFigures, RuleFigures, product_key

app = typer.Typer(help="Offers after orders: what was offered, whether it pays, who gets none.", no_args_is_help=True)

Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="A day of the shop's calendar.")]
Address = Annotated[
    str,
    typer.Argument(
        help="A customer's mail address, also with their name before it and <> around; or - to read it from standard "
        "input, because others on this machine can see arguments."
    ),
]
NO_RULE = {"category": "same category", "best_seller": "best seller"}


@app.command()
def report(
    context: typer.Context, since: Day = None, until: Day = None, limit: Limit = 20, as_json: AsJson = False
) -> None:
    """What came of the offers made from one day to another (inclusive), beside the orders that got none on purpose."""
    config = config_of(context)
    begin = None if since is None else midnight(since, "--since", config)
    end = None if until is None else midnight(until, "--until", config, timedelta(days=1))
    if begin is not None and end is not None and begin >= end:
        raise fail("--since is after --until")
    with open_books(config).reading() as connection:
        found = offers.figures(connection, begin, end, config.offers.conversion_days)
        names = names_of(connection, found.by_rule)
    lift = lift_of(found.offered, found.held_out)
    if as_json:
        print_json(as_dict(found, lift))
        return
    money = money_of(config)
    typer.echo("\n".join([*arm_lines(found, money), "", *lift_lines(found, lift)]))
    if found.by_rule:
        typer.echo("")
        print_rows([by_rule_row(one, names, money) for one in found.by_rule[:limit]], BY_RULE, False, "")
        rest = len(found.by_rule) - limit
        typer.echo(f"and {rest} more; --limit shows them" if rest > 0 else "", nl=rest > 0)


@app.command("list")
def list_offers(
    context: typer.Context,
    arm: Annotated[Arm | None, typer.Option(help="Only offers made, or only those held out.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The latest offers and what was held out, newest first."""
    with open_books(config_of(context)).reading() as connection:
        found = offers.listing(connection, arm, limit)
    rows = [offer_dict(one) if as_json else offer_row(one) for one in found]
    print_rows(rows, ("made_at", "order_number", "arm", "products"), as_json, "No offers yet.")


@app.command()
def stop(context: typer.Context, address: Address) -> None:
    """Send somebody no more offers; mails about their orders come all the same."""
    say(config_of(context), address, allowed=False, told="no more offers")


@app.command()
def start(context: typer.Context, address: Address) -> None:
    """Send somebody offers again who has asked for it."""
    say(config_of(context), address, allowed=True, told="offers again")


UNKNOWN = "; no letter from this address is known, so look whether it is spelled as the customer writes it"


def say(config: Config, written: str, allowed: bool, told: str) -> None:
    address = only_address(written)
    with open_existing(config) as desk, desk.shop.transaction() as connection:
        hashed = desk.vault.hashed(address)
        customers.say(connection, [hashed], customers.OFFERS, allowed, "by_staff", utc_now())
        known = bool(desk.vault.emails([hashed]))
    typer.echo(told if known else told + UNKNOWN)


def only_address(written: str) -> str:
    """The one address that stands there, alone or as a From line has it."""
    found = [plausible(address) for _, address in mailboxes([read_aside(written)])]
    if len(found) != 1 or found[0] is None:
        raise fail("give one mail address, in one line")
    return found[0]


def midnight(told: str, option: str, config: Config, later: timedelta = timedelta()) -> datetime:
    """The beginning of a day in the shop's zone, or of one some days later."""
    try:
        day = date.fromisoformat(told) + later
    except (ValueError, OverflowError):
        raise fail(f"{option} must be a day such as 2026-11-23") from None
    return datetime.combine(day, time(), config.shop.zone)


def arm_lines(found: OfferFigures, money: Money) -> list[str]:
    """The two arms below each other, figures to the right."""
    head = ("", "orders", "ordered it", "share", "worth", "an order")
    rows = [head, ("offered", *arm_cells(found.offered, money)), ("held out", *arm_cells(found.held_out, money))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    sent = f"{found.sent:,} of {found.offered.orders:,} offers were sent; each is followed for {found.days:g} days."
    return [sent, "", *(aligned(row, widths) for row in rows)]


def aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = row
    return "  ".join([first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])])


def arm_cells(arm: ArmFigures, money: Money) -> tuple[str, ...]:
    share = "-" if arm.share is None else f"{arm.share:.1%}"
    each = "-" if not arm.orders else money(round(arm.cents / arm.orders))
    return f"{arm.orders:,}", f"{arm.converted:,}", share, money(arm.cents), each


def lift_lines(found: OfferFigures, lift: Lift | None) -> list[str]:
    if lift is None:
        empty = "offered" if not found.offered.orders else "held out"
        return [f"No lift can be told: nothing was {empty}."]
    lines = [f"Lift: {100 * lift.difference:+.1f} points (95 %: {points(lift.between)}; Newcombe 1998)"]
    if lift.ratio is not None:
        between = f" (95 %: {times(lift.ratio_between)}; Katz 1978)" if lift.ratio_between else ""
        lines.append(f"Ratio: {lift.ratio:.2f} times as often{between}")
    if not lift.is_sure:
        lines.append("The interval holds 0: this may still be chance.")
    return lines


def points(between: Interval) -> str:
    return f"{100 * between.low:+.1f} to {100 * between.high:+.1f}"


def times(between: Interval) -> str:
    return f"{between.low:.2f} to {between.high:.2f}"


BY_RULE = ("why", "offered", "ordered it", "worth", "held out", "ordered anyway", "worth anyway", "lift")
A_FEW = 5
"""Orders that each arm needs for a lift to be told: below, its interval says nothing."""


def by_rule_row(one: RuleFigures, names: dict[str, str], money: Money) -> dict[str, str]:
    return {
        "why": why(one, names),
        "offered": f"{one.offered.orders:,}",
        "ordered it": f"{one.offered.converted:,}",
        "worth": money(one.offered.cents),
        "held out": f"{one.held_out.orders:,}",
        "ordered anyway": f"{one.held_out.converted:,}",
        "worth anyway": money(one.held_out.cents),
        "lift": lift_cell(one),
    }


def lift_cell(one: RuleFigures) -> str:
    """In points, with its interval of 95 %."""
    lift = lift_of(one.offered, one.held_out)
    if lift is None or min(one.offered.orders, one.held_out.orders) < A_FEW:
        return "-"
    return f"{100 * lift.difference:+.1f} ({points(lift.between)})"


def why(one: RuleFigures, names: dict[str, str]) -> str:
    told = names.get(one.product_id, one.product_id)
    if not one.antecedent:
        return f"{told} ({NO_RULE.get(one.source, one.source)})"
    pair = " (pair)" if one.source == "pair" else ""
    return f"{' + '.join(names.get(each, each) for each in one.antecedent)} -> {told}{pair}"


def names_of(connection: Connection, by_rule: Sequence[RuleFigures]) -> dict[str, str]:
    ids = {product_id for one in by_rule for product_id in (*one.antecedent, one.product_id)}
    found = catalogue.products(connection, {product_key(product_id) for product_id in ids})
    return {product.product_id: product.name for product in found.values()}


def as_dict(found: OfferFigures, lift: Lift | None) -> dict[str, Any]:
    """The figures for a program: money in cents, shares as fractions, the interval as [low, high]."""
    return {
        "since": found.since,
        "until": found.until,
        "days": found.days,
        "sent": found.sent,
        "offered": arm_dict(found.offered),
        "held_out": arm_dict(found.held_out),
        "lift": None if lift is None else lift_dict(lift),
        "by_rule": [
            {
                "source": one.source,
                "antecedent": one.antecedent,
                "product_id": one.product_id,
                "offered": arm_dict(one.offered),
                "held_out": arm_dict(one.held_out),
                "lift": None if (each := lift_of(one.offered, one.held_out)) is None else lift_dict(each),
            }
            for one in found.by_rule
        ],
    }


def arm_dict(arm: ArmFigures) -> dict[str, Any]:
    return {"orders": arm.orders, "converted": arm.converted, "share": arm.share, "cents": arm.cents}


def lift_dict(lift: Lift) -> dict[str, Any]:
    between = lift.ratio_between
    return {
        "difference": lift.difference,
        "difference_95": [lift.between.low, lift.between.high],
        "ratio": lift.ratio,
        "ratio_95": [between.low, between.high] if between else None,
    }


def offer_row(one: Offer) -> dict[str, Any]:
    products = ", ".join(f"{item.product_id} ({item.source})" for item in one.items)
    return {"made_at": one.made_at, "order_number": one.order_number, "arm": one.arm.value, "products": products}


def offer_dict(one: Offer) -> dict[str, Any]:
    items = [{name: getattr(item, name) for name in item.__slots__} for item in one.items]
    return {**offer_row(one), "hashed_email": one.hashed_email, "products": items}
