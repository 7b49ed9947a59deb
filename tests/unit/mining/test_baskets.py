"""What is one basket, and from which day on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from daemon.mining.mine import in_days, months_before
from store.facts import Bought

DENVER = ZoneInfo("America/Denver")
NOON = datetime(2026, 3, 31, 19, 0, tzinfo=UTC)


def bought(hours: float, who: str | None, *product_ids: str) -> Bought:
    return Bought(NOON + timedelta(hours=hours), who, product_ids)


def test_orders_of_one_customer_on_one_day_of_the_shop_are_one_basket() -> None:
    # 04:30 UTC is 22:30 of the day before in Denver.
    orders = [bought(0, "ada", "A"), bought(2, "ben", "A"), bought(9.5, "ada", "B"), bought(12, "ada", "C")]
    assert list(in_days(orders, DENVER)) == [("ada", {"A", "B"}), ("ben", {"A"}), ("ada", {"C"})]
    assert list(in_days(orders, ZoneInfo("UTC"))) == [("ada", {"A"}), ("ben", {"A"}), ("ada", {"B", "C"})]


def test_orders_of_nobody_known_are_a_basket_each() -> None:
    orders = [bought(0, None, "A", "B"), bought(0, None, "A"), bought(1, "ada", "A")]
    assert list(in_days(orders, DENVER)) == [(None, {"A", "B"}), (None, {"A"}), ("ada", {"A"})]


hours = st.floats(0, 400)
customers = st.sampled_from([None, "ada", "ben", "0", "1"])
goods = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=4)


@given(st.lists(st.builds(lambda at, who, what: bought(at, who, *what), hours, customers, goods), max_size=30))
def test_no_product_gets_lost_and_none_is_counted_for_another(orders: list[Bought]) -> None:
    """Counted another way: by a dictionary of (day, customer), without any order of time."""
    orders.sort(key=lambda one: one.placed_at)
    apart: dict[object, tuple[str, set[str]]] = {}
    for place, one in enumerate(orders):
        key = (one.placed_at.astimezone(DENVER).date(), one.hashed_email) if one.hashed_email else place
        apart.setdefault(key, (one.hashed_email or "", set()))[1].update(one.product_ids)
    ours = sorted((who or "", sorted(basket)) for who, basket in in_days(orders, DENVER))
    assert ours == sorted((who, sorted(basket)) for who, basket in apart.values())


def test_months_are_counted_in_the_calendar_and_from_midnight_in_the_shops_zone() -> None:
    assert months_before(NOON, 1, DENVER) == datetime(2026, 2, 28, tzinfo=DENVER)
    assert months_before(NOON, 3, DENVER) == datetime(2025, 12, 31, tzinfo=DENVER)
    assert months_before(NOON, 25, DENVER) == datetime(2024, 2, 29, tzinfo=DENVER)
    # In Denver it is still March.
    assert months_before(datetime(2026, 4, 1, 5, tzinfo=UTC), 1, DENVER) == datetime(2026, 2, 28, tzinfo=DENVER)


@given(st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(1, 240))
def test_more_months_reach_further_back(now: datetime, months: int) -> None:
    since, before = months_before(now, months, DENVER), months_before(now, months + 1, DENVER)
    assert before < since < now
    assert timedelta(days=27) < since - before < timedelta(days=33)
    assert since.astimezone(DENVER).hour == 0
