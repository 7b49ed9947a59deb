"""Prices that customers state, in cents, with the currency they wrote."""

import re
from dataclasses import dataclass

SYMBOLS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW"}
SYMBOLS |= {"c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "chf": "CHF", "jpy": "JPY", "cad": "CAD"}
SYMBOLS |= dict.fromkeys(("dollar", "dollars", "bucks", "usd"), "USD") | dict.fromkeys(("euro", "euros", "eur"), "EUR")
SYMBOLS |= dict.fromkeys(("pound", "pounds", "gbp", "quid"), "GBP") | {"yen": "JPY"}
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
"""Currencies whose people write a bare $ for their own."""

AMOUNT = (
    r"(?:\d{1,3}(?:[,']\d{3}){1,3}(?:\.\d{1,2})?(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){1,3},\d{2}(?!\d)"
    r"|\d{1,7}(?:[.,]\d{1,2})?(?!\d|[.,]\d))"
)
SIGN = r"(?:us\$|ca?\$|au?\$|[$€£¥₹₽₩]|(?<!\w)(?:usd|eur|gbp|jpy|cad|chf)(?![a-z]))"
WORD = r"(?:[$€£¥₹₽₩](?! ?\d)|(?:usd|eur|gbp|jpy|cad|chf|dollars?|bucks|euros?|pounds?|quid|yen)(?!\w))"
EACH = r"(?P<each{}> ?(?:each|apiece|a piece|ea|per (?:unit|piece|item|pc)|/ ?(?:each|ea|pc|piece|unit))(?!\w))"
PRICE = re.compile(
    rf"(?P<mark>(?:@|(?<!\w)(?:at|à|for)(?![a-z])|=) ?)?"
    rf"(?:(?P<sign>{SIGN}) ?(?P<a>{AMOUNT})(?!-?\w)|(?<![\w.,])(?P<b>{AMOUNT}) ?(?P<word>{WORD})){EACH.format(1)}?"
    rf"|(?P<at>@|(?<!\w)at(?!\w)) ?(?P<c>{AMOUNT}){EACH.format(2)}?"
    rf"|(?<![\w.,])(?P<d>\d{{1,7}}[.,]\d{{2}}){EACH.format(3)}"
)
HINT = re.compile(
    r"[@$€£¥₹₽₩]|usd|eur|gbp|jpy|cad|chf|dollar|bucks|pound|quid|yen|each|\dea| ea|a ?piece|per |/|\bat\b"
)


@dataclass(frozen=True, slots=True)
class Price:
    """What was stated: `each` for one, else perhaps for one and perhaps for all; `currency` as it was written."""

    cents: int
    currency: str | None
    each: bool


def take_prices(text: str) -> tuple[str, tuple[Price, ...]]:
    """Folded text without the prices in it, and the prices."""
    lowered = text.lower()
    if len(lowered) != len(text) or not HINT.search(lowered):
        return text, ()
    pieces, prices, end = [], [], 0
    for match in PRICE.finditer(lowered):
        pieces.append(text[end : match.start()])
        prices.append(to_price(match))
        end = match.end()
    return " ".join([*pieces, text[end:]]), tuple(prices)


def to_price(match: re.Match[str]) -> Price:
    amount = match["a"] or match["b"] or match["c"] or match["d"]
    symbol = match["sign"] or match["word"]
    for_one = match["each1"] or match["each2"] or match["each3"] or match["at"]
    marked = (match["mark"] or "").strip() in ("@", "at", "à")
    return Price(to_cents(amount), SYMBOLS[symbol] if symbol else None, bool(for_one) or marked)


def to_cents(amount: str) -> int:
    """What matched AMOUNT, in cents: "1,250.00", "1.250,00", "12,5" or "12"."""
    whole, point, cents = amount, "", ""
    if len(amount) > 2 and amount[-2] in ".,":
        whole, point, cents = amount[:-2], ".", amount[-1:]
    elif len(amount) > 3 and amount[-3] in ".,":
        whole, point, cents = amount[:-3], ".", amount[-2:]
    units = int("".join(filter(str.isdigit, whole)))
    return units * 100 + (int(cents.ljust(2, "0")) if point else 0)


def is_ours(written: str | None, currency: str) -> bool:
    """Whether a price written so can be in the shop's currency; a bare $ is every dollar's."""
    return written is None or written == currency or (written == "USD" and currency in DOLLARS)
