"""Orders, changes, repetitions, cancellations and parcels sent off, at random, beside a ten-line model of the books."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.config import ConductConfig, Config, MailboxConfig
from daemon.config.sections import OrdersConfig
from daemon.handle import Desk, handle
from daemon.inbox.imap import Arrived
from store import catalogue, changing, orders
from store.database import History, open_database
from store.facts import OrderState, Product
from store.vault import Vault, load_key
from tests.e2e.letters import LAMP, POT, letter, order_of
from tests.integration.handle.counter import ADA, START, UIDS, Counter

PRICES = {LAMP: 1999, POT: 450}
SHELF = {LAMP: 9, POT: 5}
CONFIG = Config(
    mailbox={"orders": MailboxConfig(user="demo")},
    conduct=ConductConfig(answers_per_hour=10_000),
    orders=OrdersConfig(same_order_minutes=0, stale_after_days=300),
)
Lines = dict[str, int]


@dataclass
class Model:
    """What the books have to say; an order is known by its place in `lines`."""

    shelf: Lines = field(default_factory=lambda: dict(SHELF))
    lines: list[Lines] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    until: list[int] = field(default_factory=list)
    hour: int = 0

    def hear(self, verb: str, place: int, wanted: Lines) -> str:
        """The reason that the letter has to get."""
        if verb in ("order", "again"):
            return self.order(wanted if verb == "order" else dict(self.lines[place]))
        if self.states[place] != "placed":
            return {"cancelled": "already_cancelled", "fulfilled": "fulfilled"}[self.states[place]]
        # Each batch takes a second, so after just as many hours it is seconds too late.
        if self.hour >= self.until[place]:
            return "too_late"
        return self.change(place, wanted) if verb == "change" else self.cancel(place)

    def order(self, wanted: Lines) -> str:
        if any(self.shelf[product] < count for product, count in wanted.items()):
            return "not_enough_stock"
        self.move(wanted, -1)
        self.lines.append(wanted)
        self.states.append("placed")
        self.until.append(self.hour + 24)
        return "placed"

    def change(self, place: int, wanted: Lines) -> str:
        had = self.lines[place]
        if wanted == had:
            return "nothing_to_change"
        if any(self.shelf[product] + had.get(product, 0) < count for product, count in wanted.items()):
            return "not_enough_stock"
        self.move(had, +1)
        self.move(wanted, -1)
        self.lines[place] = wanted
        return "changed"

    def cancel(self, place: int) -> str:
        self.states[place] = "cancelled"
        self.move(self.lines[place], +1)
        return "cancelled"

    def move(self, lines: Lines, sign: int) -> None:
        for product, count in lines.items():
            self.shelf[product] += sign * count


wanted = st.dictionaries(st.sampled_from([LAMP, POT]), st.integers(1, 6), min_size=1)
verbs = st.sampled_from(["order", "order", "change", "change", "change", "cancel", "again"])
batches = st.lists(st.tuples(verbs, st.integers(0, 7), wanted), min_size=1, max_size=4)
waits, parcels = st.tuples(st.just("wait"), st.integers(1, 30)), st.tuples(st.just("send"), st.integers(0, 7))
rounds = st.lists(batches | batches | batches | waits | parcels, min_size=3, max_size=10)


def written(verb: str, number: str, lines: Lines) -> bytes:
    block = [f"{product}, {count}" for product, count in lines.items()]
    if verb == "order":
        return order_of(ADA, *block)
    return letter(ADA, f"{verb} {number}", "\n".join(block) + "\n" if verb == "change" else "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=rounds)
def test_stock_lines_and_money_are_those_of_the_model(
    sqlite_urls: Callable[[History | None], str], tmp_path: Path, rounds: list[object]
) -> None:
    shop, vault = (open_database(sqlite_urls(name), name, 5) for name in ("shop", "vault"))
    key = tmp_path / "vault.key"
    key.unlink(missing_ok=True)
    counter, model = Counter(Desk(shop, Vault(vault, load_key(key, vault)), CONFIG)), Model()
    with shop.transaction() as connection:
        stock = [Product(name, name, "", price=PRICES[name], on_hand=count) for name, count in SHELF.items()]
        catalogue.add(connection, stock, "test", START)
    for one in rounds:
        play(counter, model, one)
        check(counter, model)
    shop.close()
    vault.close()


def play(counter: Counter, model: Model, one: object) -> None:
    numbers = in_order(counter)
    match one:
        case ("wait", int(hours)):
            counter.passes(hours=hours)
            model.hour += hours
        case ("send", int(place)) if numbers:
            place %= len(numbers)
            with counter.desk.shop.transaction() as connection:
                sent = orders.fulfil(connection, [numbers[place]], counter.now)
            assert bool(sent) == (model.states[place] == "placed")
            model.states[place] = "fulfilled" if sent else model.states[place]
        case list(batch):
            asked = [
                (verb, place % max(1, len(numbers)), lines)
                for verb, place, lines in batch
                if verb == "order" or numbers
            ]
            letters = [written(verb, numbers[place] if verb != "order" else "", lines) for verb, place, lines in asked]
            expected = [model.hear(verb, place, lines) for verb, place, lines in asked]
            assert hand_in(counter, letters) == expected


def hand_in(counter: Counter, letters: list[bytes]) -> list[str]:
    """One batch; each letter arrives a little after the one before."""
    arrived = [
        Arrived("orders", 7, next(UIDS), counter.now + timedelta(microseconds=place), len(raw), raw, whole=True)
        for place, raw in enumerate(letters)
    ]
    reasons = [one.reason for one in handle(counter.desk, arrived, counter.now)]
    counter.passes(seconds=1)
    return reasons


def in_order(counter: Counter) -> list[str]:
    return [str(row[0]) for row in counter.rows('SELECT number FROM "order" ORDER BY arrived_at')]


def check(counter: Counter, model: Model) -> None:
    numbers = in_order(counter)
    with counter.desk.shop.reading() as connection:
        assert catalogue.differences(connection) == []
        kept = orders.by_numbers(connection, numbers)
        changes = changing.changes(connection, numbers)
    assert dict(counter.rows("SELECT product_id, on_hand FROM product")) == model.shelf
    assert [{line.product_id: line.quantity for line in kept[number].lines} for number in numbers] == model.lines
    assert [kept[number].state for number in numbers] == [OrderState(state) for state in model.states]
    for number in numbers:
        mine = [one for one in changes if one.order_number == number]
        assert [one.revision for one in mine] == list(range(1, len(mine) + 1))
        worth = [*(one.before_cents for one in mine), kept[number].total]
        assert [one.after_cents for one in mine] == worth[1:], "placed + changed = what it is worth now"
        assert all(sum(line.total for line in one.before) == one.before_cents for one in mine)
