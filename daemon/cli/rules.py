"""mailorder mine, rules, suggest: what is bought together, how sure that is, and what follows for a basket."""

import secrets
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC
from itertools import islice
from typing import Annotated, Any

import typer

from daemon.cli.orders import money_of
from daemon.cli.progress import progress
from daemon.cli.shared import AsJson, Limit, config_of, fail, print_json, print_rows
from daemon.config import LogConfig, MiningConfig
from daemon.handle.nearest import Searching
from daemon.mining.mine import Run, UnderWayError
from daemon.mining.process import mine_apart
from daemon.service.house import open_books, utc_now
from daemon.suggesting import Offerable, Suggesting, as_rule, offerable
from recommend.shapes import Rule, Source
from store import catalogue, rules
from store.database import Connection
from store.facts import Evidence, Mining, MiningState, Product, product_key

app = typer.Typer(help="The rules in force: what is bought together.", no_args_is_help=True)

QUIET = LogConfig(level="error")
"""What goes wrong as it may is told by the command itself; a mistake of ours is told whole."""
NOT_MINED = "No rules yet; run `mailorder mine`."
COLUMNS = ("bought", "also taken", "support", "confidence", "lift", "together", "bought in", "baskets")

Months = Annotated[
    int | None, typer.Option(min=1, max=240, help="Orders of how many months; mining.months by default.")
]
ProductId = Annotated[str | None, typer.Option("--product", metavar="ID", help="Only rules that name this product.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Product ids: the basket.")]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many suggestions at most.")]


def add_to(app: typer.Typer) -> None:
    app.command()(mine)
    app.command()(suggest)


def mine(context: typer.Context, months: Months = None, as_json: AsJson = False) -> None:
    """Mine the rules anew from the orders of the last months, and put them in force."""
    config = config_of(context)
    told = config.mining if months is None else config.mining.model_copy(update={"months": months})
    shop, began = open_books(config), time.monotonic()
    run = Run(secrets.token_hex(16), config.shop.zone, told, utc_now)
    try:
        with progress("orders read", then="mining") as tell:
            mined = mine_apart(shop, config.model_copy(update={"log": QUIET}), run, tell)
    except UnderWayError as error:
        raise fail(str(error)) from None
    if mined.state is not MiningState.IN_FORCE:
        raise fail(f"the mining failed ({mined.reason}); the rules in force stay{advice(mined, told)}")
    seconds = time.monotonic() - began
    if as_json:
        print_json(as_dict(mined) | {"seconds": round(seconds, 1)})
        return
    typer.echo(in_words(mined, seconds))


def advice(failed: Mining, config: MiningConfig) -> str:
    """Libraries that find no memory do not always say so before they end the process."""
    lacking = failed.reason == "MemoryError" or (failed.reason or "").startswith("exit code")
    return f"; is mining.memory_mb = {config.memory_mb} enough? --months mines fewer" if lacking else ""


def as_dict(mined: Mining) -> dict[str, Any]:
    return {
        "id": mined.id,
        "since": mined.since,
        "mined_at": mined.finished_at,
        "baskets": mined.baskets,
        "too_wide": mined.too_wide,
        "rules": mined.rules,
        "pairs": mined.pairs,
        "settings": mined.settings,
    }


def in_words(mined: Mining, seconds: float) -> str:
    since = f"{mined.since.astimezone(UTC):%Y-%m-%d}"
    if not mined.baskets:
        return f"No order since {since} stands: there are no rules in force now; --months looks further back."
    baskets = f"{mined.baskets:,} basket{'s' if mined.baskets != 1 else ''}"
    wide = f" ({mined.too_wide:,} more were too wide to tell anything)" if mined.too_wide else ""
    found = f"{mined.rules:,} rules and {mined.pairs:,} weaker pairs"
    return f"{found} from {baskets} since {since}{wide}, in {seconds:.1f} s"


@app.command("list")
def list_rules(
    context: typer.Context,
    product_id: ProductId = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="The weaker pairs instead, which only fill up.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The rules in force, the one that weighs most first: of how many baskets with the one the other was taken too.

    What a rule weighs is learned from all baskets together, beside the other rules: see docs/recommending.md.
    """
    evidence = Evidence.PAIR if pairs else Evidence.RULE
    with open_books(config_of(context)).reading() as connection:
        mining = rules.in_force(connection)
        wanted = None if product_id is None else known(connection, [product_id])[0].product_id
        of = mining.baskets if mining else 0
        found = [as_rule(one, of) for one in islice(rules.rules(connection, evidence, wanted), limit)]
        named = names(connection, {each for one in found for each in (*one.antecedent, one.consequent)})
    if as_json:
        print_json([detail(one, named) for one in found])
        return
    nothing = NOT_MINED if mining is None else f"No such rule among {mining.rules:,} from {mining.baskets:,} baskets."
    print_rows([row(one, named) for one in found], COLUMNS, as_json, nothing)


def row(one: Rule, named: Mapping[str, str]) -> dict[str, Any]:
    return {
        "bought": listed(one.antecedent, named),
        "also taken": named[one.consequent],
        "support": f"{one.support:.2%}",
        "confidence": f"{one.confidence:.0%}",
        "lift": f"{one.lift:.1f}",
        "together": one.together,
        "bought in": one.antecedents,
        "baskets": one.baskets,
    }


def detail(one: Rule, named: Mapping[str, str]) -> dict[str, Any]:
    return {
        "antecedent": [{"product_id": each, "name": named[each]} for each in one.antecedent],
        "consequent": {"product_id": one.consequent, "name": named[one.consequent]},
        "support": one.support,
        "confidence": one.confidence,
        "lift": one.lift,
        "together": one.together,
        "antecedents": one.antecedents,
        "consequents": one.consequents,
        "baskets": one.baskets,
    }


def suggest(context: typer.Context, product_ids: Ids, count: Count = 3, as_json: AsJson = False) -> None:
    """What to suggest to somebody with these products in the basket, and what speaks for each."""
    config = config_of(context)
    shop = open_books(config)
    with shop.reading() as connection:
        basket = [one.product_id for one in known(connection, product_ids)]
        suggester = Suggesting(shop, utc_now).suggester(connection)
        found = offerable(connection, suggester, {"": basket}, {}, count, utc_now())[""]
        mined = rules.in_force(connection)
        named = names(connection, {each for one in found for each in antecedent(one)})
    if as_json:
        print_json([told(one, named) for one in found])
        return
    if not found:
        typer.echo(NOT_MINED if mined is None else "Nothing else is in stock that anybody bought.")
    for one in found:
        price = money_of(config)(one.product.price)
        typer.echo(f"{one.product.product_id}  {one.product.name}, {price}\n  {why(one, named)}")


def antecedent(one: Offerable) -> Sequence[str]:
    return one.suggestion.rule.antecedent if one.suggestion.rule else ()


def told(one: Offerable, named: Mapping[str, str]) -> dict[str, Any]:
    rule = one.suggestion.rule
    return {
        "product_id": one.product.product_id,
        "name": one.product.name,
        "price": one.product.price,
        "on_hand": one.product.on_hand,
        "source": one.suggestion.source.value,
        "score": one.suggestion.score,
        "why": why(one, named),
        "rule": None if rule is None else detail(rule, {**named, one.product.product_id: one.product.name}),
    }


def why(one: Offerable, named: Mapping[str, str]) -> str:
    """The evidence in a sentence that claims no more than there is."""
    rule = one.suggestion.rule
    if rule is None:
        if one.suggestion.source is Source.CATEGORY:
            return f"from the same category ({one.product.category}); no rule speaks for it"
        return "a best seller; no rule speaks for it"
    counted = f"{rule.together:,} of {rule.antecedents:,} baskets with {listed(rule.antecedent, named)} also held it"
    if one.suggestion.source is Source.PAIR:
        return f"weak evidence: {counted}"
    return f"{counted} ({rule.confidence:.0%}; of all baskets {rule.consequents / rule.baskets:.0%} do)"


def listed(product_ids: Iterable[str], named: Mapping[str, str]) -> str:
    return " and ".join(named[one] for one in product_ids)


def names(connection: Connection, product_ids: Collection[str]) -> dict[str, str]:
    found = catalogue.products(connection, [product_key(one) for one in product_ids])
    return {one: one for one in product_ids} | {one.product_id: one.name for one in found.values()}


def known(connection: Connection, written: Sequence[str]) -> list[Product]:
    """The products with these ids; one line names those that there are not, and what each may have meant."""
    found = catalogue.products(connection, [product_key(one) for one in written])
    missing = [one for one in written if product_key(one) not in found]
    if missing:
        nearest = Searching(connection, {})
        raise fail(f"there is no product {' nor '.join(unknown(one, nearest(one) or ()) for one in missing)}")
    return [found[product_key(one)] for one in written]


def unknown(written: str, near: Sequence[Product]) -> str:
    meant = " or ".join(f"{product.product_id}, {product.name}" for product in near)
    return f"{written!r} (did you mean {meant}?)" if meant else f"{written!r}"
