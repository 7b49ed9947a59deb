"""A year of orders that the simulated shop had before its doors opened: who buys what with what, drawn by a seed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from daemon.importing.history.booking import number_of
from store.facts import Order, OrderLine, OrderState, Product

ORDERS = 600
CUSTOMERS = 260
DAYS = 360
SEED = 1712

GOES_WITH: Mapping[str, Mapping[str, float]] = {
    "7B4VYMBRQNAR": {"86H2HKJ06GH0": 0.45, "GFPD2GAEDHNW": 0.3},  # teapot: tea towel, enamel mug
    "BJ02R0G72U8V": {"5QMPM88F2Q2P": 0.35, "VCZCZJATNW1B": 0.15},  # desk lamp: picture frame, wall clock
    "3SPC9L1ND0YE": {"RQD2JAUYZLID": 0.5, "DHAK72YSA8WS": 0.25},  # casserole: wooden spoon, pepper mill
    "QTXM4A14BXT2": {"TMBYE6H89YWH": 0.5},  # chef's knife: chopping board
    "3GT3D81IXW2C": {"P5U3B7RI5775": 0.4, "EWYL3543NQQE": 0.3},  # bread tin: bread knife, rolling pin
    "5J5RXKJBMQKW": {"F2X10AG9IRAX": 0.45, "RQD2JAUYZLID": 0.3},  # mixing bowls: measuring jug, wooden spoon
    "N1OE1O5O6SEN": {"CDU53EPA0ECV": 0.25},  # espresso cups: wine glasses
    "5SA5ZE12F2TN": {"RYJJ23LAO94S": 0.4, "UAG3F1Y9GMBQ": 0.3},  # watering can: gloves, trowel
    "U7KRIP80CJRO": {"2KAUZFZ4K010": 0.5, "6H9Y6TQYWY7B": 0.4},  # small pot: large pot, plant labels
    "X38EDSTKWS1F": {"5UYWCDOX8Z9F": 0.45, "RYJJ23LAO94S": 0.3},  # secateurs: twine, gloves
    "UAG3F1Y9GMBQ": {"7THZ76IUMH3X": 0.6},  # trowel: hand fork
    "SQFEJU5VHVAT": {"MSLCMVIUSZA6": 0.4, "QRIC1R56LNRF": 0.2},  # candles: snuffer, storm lantern
    "3QHSXKJBGBRE": {"W68WBLBJNYJJ": 0.4},  # blanket: cushion cover
}
"""What a customer who takes the one takes too, and how often."""
BY_THEMSELVES = (0, 0, 1, 1, 2)
"""How many things that have nothing to do with the rest come along."""


def past_orders(products: Mapping[str, Product], now: datetime) -> list[Order]:
    """Orders of the days before now, long delivered, the oldest first; the same for the same products and moment."""
    draw = Random(SEED)  # noqa: S311 - a play, not a secret
    days = sorted(draw.uniform(1, DAYS) for _ in range(ORDERS))
    return [
        past_order(place, now - timedelta(days=ago), basket(draw, products), draw.randrange(CUSTOMERS), draw)
        for place, ago in enumerate(reversed(days))
    ]


def basket(draw: Random, products: Mapping[str, Product]) -> list[Product]:
    """One thing, what it draws after it, and what comes along by itself."""
    first = draw.choice(sorted(GOES_WITH))
    drawn = [other for other, often in GOES_WITH[first].items() if draw.random() < often]
    besides = draw.sample(sorted(products), draw.choice(BY_THEMSELVES))
    return [products[one] for one in dict.fromkeys((first, *drawn, *besides))]


def past_order(place: int, at: datetime, goods: Sequence[Product], customer: int, draw: Random) -> Order:
    source = f"demo:{place}"
    return Order(
        number=number_of(source, 0),
        hashed_email=hashlib.sha256(f"a customer of the past: {customer}".encode()).hexdigest(),
        state=OrderState.FULFILLED,
        arrived_at=at,
        placed_at=at,
        cancel_until=at,
        address_id=None,
        fingerprint=source,
        letter_id=None,
        lines=tuple(lines(goods, draw)),
        closed_at=at,
        source=source,
    )


def lines(goods: Sequence[Product], draw: Random) -> Iterator[OrderLine]:
    for one in goods:
        yield OrderLine(one.product_id, one.name, draw.choice((1, 1, 1, 2, 4)), one.price, one.cost)
