"""Money and moments as a customer reads them."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_currency, get_currency_precision, list_currencies

from daemon.config import ConfigError

MOMENT = "EEEE d MMMM y, HH:mm"
# Two decimals and groups of three are nearly every locale; the others go through babel.
PLAIN_SHAPE = re.compile(r"(\D*)1(\D?)234(?:\2)567(\D)89(\D*)")  # "\2567" would be an octal number
REMEMBERED = 4096


def locale_of(name: str) -> Locale:
    """The locale of that name; ConfigError when there is none."""
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise ConfigError("shop.locale: is not a locale, for example en_US") from None


class Money:
    """Cents to words such as "$1,234.50".

    babel takes 17 microseconds an amount, and a confirmation has seven of them. It is asked once
    what its figures look like and its answers are then put together by hand; where a locale has
    other habits (groups of two in India) babel does each amount.
    """

    def __init__(self, currency: str, locale: Locale) -> None:
        """Raises ConfigError for a currency that is none, or that is not counted in hundredths."""
        if currency not in list_currencies() or get_currency_precision(currency) != 2:
            raise ConfigError("shop.currency: must be a currency of two decimals, for example USD or EUR")
        self._currency, self._locale = currency, locale
        sample = PLAIN_SHAPE.fullmatch(self._by_babel(123_456_789))
        self._plain = sample.groups() if sample else None
        # Some locales write 1234,56 but 12.345,67: no single shape, so babel.
        if self._plain and self(123_456) != self._by_babel(123_456):
            self._plain = None
        self._remembered = lru_cache(REMEMBERED)(self._by_babel)

    def __call__(self, cents: int) -> str:
        """An amount in hundredths of the currency, in the customer's notation."""
        if self._plain is None or cents < 0:
            return self._remembered(cents)
        before, group, point, after = self._plain
        whole, rest = divmod(cents, 100)
        digits = f"{whole:,}" if group == "," else f"{whole:,}".replace(",", group)
        return f"{before}{digits}{point}{rest:02d}{after}"

    def _by_babel(self, cents: int) -> str:
        return format_currency(Decimal(cents) / 100, self._currency, locale=self._locale)


class Moments:
    """Instants to words such as "Tuesday 24 November 2026, 16:05 MST"."""

    def __init__(self, zone: ZoneInfo, locale: Locale) -> None:
        self._zone, self._locale = zone, locale
        self._remembered = lru_cache(REMEMBERED)(self._word)

    def __call__(self, told: str) -> str:
        """An aware ISO 8601 time in the shop's zone.

        Seconds are cut off, never rounded up: a deadline as printed is never later than the one in
        the books. Raises ValueError when the time has no zone.
        """
        at = datetime.fromisoformat(told)
        if at.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return self._remembered(at.astimezone(UTC).replace(second=0, microsecond=0))

    def _word(self, minute: datetime) -> str:
        there = minute.astimezone(self._zone)
        name = there.tzname() or ""
        # Zones without letters of their own are called "+03" in the time zone database.
        zone = name if name[:1].isalpha() else f"UTC{there:%z}"[:6] + ":" + f"{there:%z}"[3:5]
        return f"{format_datetime(there, MOMENT, locale=self._locale)} {zone}"


def megabytes(size: int) -> str:
    """A size in bytes as a person says it: "7.4 MB"."""
    return f"{size / 1_000_000:.1f} MB".replace(".0 MB", " MB")
