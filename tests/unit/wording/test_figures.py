"""Money and moments come out as babel and the zone database have them, and no deadline is stretched."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.core import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from daemon.config import ConfigError
from daemon.wording.figures import PLAIN_SHAPE, Moments, Money, locale_of, megabytes

LOCALES = ["en_US", "de_DE", "fr_CH", "en_IN", "es_ES", "pl_PL", "ja_JP", "ar_EG", "sv_SE", "pt_BR", "de_AT", "he_IL"]
CURRENCIES = ["USD", "EUR", "INR", "CHF", "SEK"]
MONEYS = {(name, code): Money(code, Locale.parse(name)) for name in LOCALES for code in CURRENCIES}


@given(
    name=st.sampled_from(LOCALES),
    currency=st.sampled_from(CURRENCIES),
    cents=st.integers(-(10**6), 10**13) | st.sampled_from([0, 1, 99, 100, 99_999, 100_000, 999_999, 10**6]),
)
def test_every_amount_is_written_as_babel_writes_it(name: str, currency: str, cents: int) -> None:
    assert MONEYS[name, currency](cents) == format_currency(Decimal(cents) / 100, currency, locale=name)


@pytest.mark.parametrize(("name", "code"), [("en_US", "USD"), ("de_DE", "EUR"), ("fr_CH", "CHF"), ("pt_BR", "BRL")])
def test_what_most_shops_write_is_put_together_without_babel(name: str, code: str) -> None:
    sample = format_currency(Decimal("1234567.89"), code, locale=name)
    assert PLAIN_SHAPE.fullmatch(sample), sample


@pytest.mark.parametrize(
    ("zone", "told", "expected"),
    [
        ("America/Denver", "2026-11-24T23:05:41+00:00", "Tuesday 24 November 2026, 16:05 MST"),
        ("UTC", "2026-11-24T23:05:41+00:00", "Tuesday 24 November 2026, 23:05 UTC"),
        ("Europe/Berlin", "2026-07-01T22:30:00+00:00", "Thursday 2 July 2026, 00:30 CEST"),
        ("America/Sao_Paulo", "2026-07-01T12:00:00+00:00", "Wednesday 1 July 2026, 09:00 UTC-03:00"),
        ("Asia/Kathmandu", "2026-07-01T12:00:00+00:00", "Wednesday 1 July 2026, 17:45 UTC+05:45"),
        # The hour that comes twice: the zone's name says which one is meant.
        ("America/Denver", "2026-11-01T07:30:00+00:00", "Sunday 1 November 2026, 01:30 MDT"),
        ("America/Denver", "2026-11-01T08:30:00+00:00", "Sunday 1 November 2026, 01:30 MST"),
    ],
)
def test_a_moment_is_told_in_the_shops_zone_by_name(zone: str, told: str, expected: str) -> None:
    assert Moments(ZoneInfo(zone), Locale.parse("en_US"))(told) == expected


@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_a_deadline_as_printed_is_never_later_than_in_the_books(at: datetime) -> None:
    printed = Moments(ZoneInfo("UTC"), Locale.parse("en_US"))(at.isoformat())
    told = datetime.strptime(printed, "%A %d %B %Y, %H:%M UTC").replace(tzinfo=UTC)
    assert timedelta(0) <= at - told < timedelta(minutes=1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Moments(ZoneInfo("UTC"), Locale.parse("en_US"))("2026-11-24T23:05:41")


def test_an_unknown_locale_is_told_to_the_operator_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"^shop\.locale: "):
        locale_of("xx_NOWHERE")


def test_sizes_are_told_in_megabytes() -> None:
    assert [megabytes(size) for size in (5_000_000, 7_412_345, 10_000)] == ["5 MB", "7.4 MB", "0 MB"]


@pytest.mark.parametrize("currency", ["JPY", "KWD", "XXQ"])
def test_a_currency_without_hundredths_is_refused_by_name(currency: str) -> None:
    with pytest.raises(ConfigError, match=r"shop\.currency"):
        Money(currency, locale_of("en_US"))
