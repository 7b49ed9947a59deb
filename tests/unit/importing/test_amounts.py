"""Numbers mean one thing or are refused by name: every accepted way of writing reads back, none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing.amounts import MOST_CENTS, MOST_UNITS, Refusal, cents, units

STYLES = {
    "12345.60": lambda whole, rest: f"{whole}.{rest:02}",
    "12345,60": lambda whole, rest: f"{whole},{rest:02}",
    "12,345.60": lambda whole, rest: f"{whole:,}.{rest:02}",
    "12.345,60": lambda whole, rest: f"{f'{whole:,}'.replace(',', '.')},{rest:02}",
    "12 345,60": lambda whole, rest: f"{f'{whole:,}'.replace(',', ' ')},{rest:02}",
    "12\u202f345,60": lambda whole, rest: f"{f'{whole:,}'.replace(',', chr(0x202F))},{rest:02}",
    "12\u00a0345,60": lambda whole, rest: f"{f'{whole:,}'.replace(',', chr(0xA0))},{rest:02}",
    "12'345.60": lambda whole, rest: f"{f'{whole:,}'.replace(',', chr(39))}.{rest:02}",
    "12’345.60": lambda whole, rest: f"{f'{whole:,}'.replace(',', '’')}.{rest:02}",
    "$12,345.60": lambda whole, rest: f"${whole:,}.{rest:02}",
    "12345.60 USD": lambda whole, rest: f"{whole}.{rest:02} USD",
    "US$ 12345.60": lambda whole, rest: f"US$ {whole}.{rest:02}",
    "12345.6000": lambda whole, rest: f"{whole}.{rest:02}00",
    "0012345.60": lambda whole, rest: f"00{whole}.{rest:02}",
    "1２345.60": lambda whole, rest: f"{whole}.{rest:02}".replace("2", "２").replace("7", "٧"),
}


@given(st.integers(0, MOST_CENTS), st.sampled_from(sorted(STYLES)))
def test_an_amount_reads_back_however_it_is_written(amount: int, style: str) -> None:
    assert cents(STYLES[style](*divmod(amount, 100)), "USD") == amount


@given(st.integers(0, MOST_UNITS))
def test_a_whole_number_reads_back_however_it_is_written(count: int) -> None:
    ways = [f"{count}", f"{count}.0", f"{count},0", f"{count}.00", f"{count:,}".replace(",", " "), f"{count:,}.0"]
    assert [units(way) for way in ways] == [count] * len(ways)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_one_separator_before_three_digits_is_never_guessed(thousands: int, rest: int, separator: str) -> None:
    text = f"{thousands}{separator}{rest:03}"
    for found in (cents(text, "USD"), units(text), cents(f"${text}", "USD")):
        assert isinstance(found, Refusal)
        assert found.reason == "ambiguous"
        assert f"{thousands}{rest:03} or {thousands}.{rest:03}" in found.words


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("(5)", "negative"),
        ("$-5", "not_a_number"),
        ("1e3", "not_a_number"),
        ("0x10", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("twelve", "not_a_number"),
        ("12-13", "not_a_number"),
        ("1/2", "not_a_number"),
        ("½", "not_a_number"),
        (".5", "not_a_number"),
        ("12.", "not_a_number"),
        ("12..5", "not_a_number"),
        ("12.5.5", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("1,234.567,8", "not_a_number"),
        ("5 approx", "not_a_number"),
        ("=5", "not_a_number"),
        ("1 2", "not_a_number"),
        ("0.125", "too_many_decimals"),
        ("12.3456", "too_many_decimals"),
        ("0.30000000000000004", "too_many_decimals"),
        ("€12", "not_our_currency"),
        ("12 EUR", "not_our_currency"),
        ("12 SEK", "not_our_currency"),
        ("$12 EUR", "not_our_currency"),
        ("1000000000.01", "too_large"),
        ("9" * 5_000, "too_large"),
        ("9" * 5_000 + ".5", "too_large"),
    ],
)
def test_what_is_no_amount_of_ours_is_refused_by_name(text: str, reason: str) -> None:
    found = cents(text, "USD")
    assert isinstance(found, Refusal)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4.5", "not_whole"),
        ("4,5", "not_whole"),
        ("-1", "negative"),
        ("many", "not_a_number"),
        ("$4", "not_a_number"),
        ("4 pcs", "not_a_number"),
        ("1e3", "not_a_number"),
        ("1000000001", "too_large"),
    ],
)
def test_what_is_no_quantity_is_refused_by_name(text: str, reason: str) -> None:
    found = units(text)
    assert isinstance(found, Refusal)
    assert found.reason == reason


@pytest.mark.parametrize(("text", "currency"), [("12 EUR", "EUR"), ("€12", "EUR"), ("12 SEK", "SEK"), ("$12", "CAD")])
def test_the_sign_of_the_shops_own_currency_may_stand_there(text: str, currency: str) -> None:
    assert cents(text, currency) == 1200


@given(st.text(max_size=40))
def test_no_text_whatever_raises(text: str) -> None:
    for found in (cents(text, "USD"), units(text)):
        assert isinstance(found, Refusal) or found >= 0
