"""The past of the demo's shop: the same for everybody, believable, and enough for the cast to be offered something."""

from datetime import UTC, datetime, timedelta

from daemon.simulator.past import DAYS, GOES_WITH, ORDERS, past_orders
from daemon.simulator.stock import shop_catalogue
from recommend.mine import mine
from recommend.shapes import Source
from recommend.suggest import Suggester

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PRODUCTS = {one.product_id: one for one in shop_catalogue()}
LAMP, TEAPOT, TOWEL = "BJ02R0G72U8V", "7B4VYMBRQNAR", "86H2HKJ06GH0"


def test_it_is_the_same_past_at_the_same_moment() -> None:
    past = past_orders(PRODUCTS, NOW)
    assert past == past_orders(PRODUCTS, NOW)
    assert len({one.number for one in past}) == len({one.source for one in past}) == len(past) == ORDERS
    placed = [one.placed_at for one in past]
    assert placed == sorted(placed)
    assert NOW - timedelta(days=DAYS) <= placed[0] < placed[-1] < NOW


def test_it_names_only_what_the_shop_sells_at_its_prices() -> None:
    assert GOES_WITH.keys() | {other for others in GOES_WITH.values() for other in others} <= PRODUCTS.keys()
    for one in past_orders(PRODUCTS, NOW):
        ids = [line.product_id for line in one.lines]
        assert len(ids) == len(set(ids)) >= 1
        assert all(PRODUCTS[line.product_id].price == line.unit_price for line in one.lines)


def test_a_rule_fires_for_what_the_cast_orders_and_none_for_what_goes_with_nothing() -> None:
    mined = mine([[line.product_id for line in one.lines] for one in past_orders(PRODUCTS, NOW)])
    suggester = Suggester(mined.rules, mined.pairs, mined.popular, {})
    first = suggester.suggest([LAMP, TEAPOT], 1)[0]
    assert (first.product_id, first.source) == (TOWEL, Source.RULE)
    assert first.rule is not None
    assert first.rule.antecedent == (TEAPOT,)
    together = {frozenset((first, other)) for first, others in GOES_WITH.items() for other in others}
    alike = {frozenset((one, other)) for others in GOES_WITH.values() for one in others for other in others}
    pairs = [frozenset((*one.antecedent, one.consequent)) for one in mined.rules if len(one.antecedent) == 1]
    assert sum(pair in together | alike for pair in pairs) >= 0.9 * len(pairs)
