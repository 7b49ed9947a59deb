"""Item lines: every accepted form reads the same, everything doubtful has its own reason."""

import pytest

from daemon.request.items import plain_item, read_item, read_items
from daemon.request.shapes import ItemLine, Reading, Reason
from daemon.request.spelling import fold

LAMP = "BJ02R0G72U8V"


def read(text: str, declared: bool = True) -> ItemLine | None:
    return read_item(1, fold(text), 9_999, "USD", declared)


@pytest.mark.parametrize(
    "line",
    [
        "BJ02R0G72U8V, 2",
        "bj02r0g72u8v,2",
        "(BJ02R0G72U8V, 2)",
        "[BJ02R0G72U8V; 2]",
        "2 x BJ02R0G72U8V",
        "2x BJ02R0G72U8V",
        "2xBJ02R0G72U8V",
        "2 × BJ02R0G72U8V",
        "2 * BJ02R0G72U8V",
        "2 BJ02R0G72U8V",
        "2, BJ02R0G72U8V",
        "BJ02R0G72U8V x 2",
        "BJ02R0G72U8V x2",
        "BJ02R0G72U8V × 2",
        "BJ02R0G72U8V X 2",
        "BJ02R0G72U8V 2",
        "BJ02R0G72U8V: 2",
        "BJ02R0G72U8V - 2",
        "BJ02R0G72U8V – 2",
        "BJ02R0G72U8V = 2",
        "BJ02R0G72U8V (2)",
        "BJ02R0G72U8V\t2",
        "| BJ02R0G72U8V | 2 |",
        '"BJ02R0G72U8V", "2"',
        "- BJ02R0G72U8V, 2",
        "• BJ02R0G72U8V, 2",
        "* BJ02R0G72U8V, 2",
        "☐ BJ02R0G72U8V, 2",
        "[ ] BJ02R0G72U8V, 2",
        "1. BJ02R0G72U8V, 2",
        "1) BJ02R0G72U8V 2",
        "(3) BJ02R0G72U8V: 2",
        "b) 2 x BJ02R0G72U8V",
        "#4 BJ02R0G72U8V, 2",
        "BJ02R0G72U8V, 2 pcs",
        "BJ02R0G72U8V, 2pcs.",
        "2 pieces of BJ02R0G72U8V",
        "2 of BJ02R0G72U8V",
        "BJ02R0G72U8V qty 2",
        "qty 2 BJ02R0G72U8V",
        "BJ02R0G72U8V, quantity: 2",
        "Product: BJ02R0G72U8V, Qty: 2",
        "BJ02R0G72U8V, 02",
        "BJ02R0G72U8V, 2.",
        "BJ02R0G72U8V, 2!",
        "BJ02R0G72U8V, 2 (the blue one)",
        "BJ02R0G72U8V, 2 - gift wrap please",
        "BJ02R0G72U8V, 2, in green",
        "BJ02R0G72U8V, 2 (size 10)",
        "BJ02R0G72U8V, 2 each",
        "BJ02R0G72U8V Brass lamp, 2",
        "BJ02R0G72U8V, Brass lamp, 2",
        "Brass lamp (BJ02R0G72U8V), 2",
        "Brass lamp, 40 cm, BJ02R0G72U8V, 2",
        "2 x BJ02R0G72U8V Brass lamp",
        "Please send me 2 x BJ02R0G72U8V",
        "I would like 2 BJ02R0G72U8V please",
        "BJ02-R0G7-2U8V, 2",
        "BJ02 R0G7 2U8V, 2",
        "BJ02 R0G7 2U8V x 2",
        "BJ02R0\u00adG72U8V, 2",
        "BJ02R0\u200bG72U8V, 2",
        "BJ02R0G72U8V,\u00a02",
        "ＢＪ０２Ｒ０Ｇ７２Ｕ８Ｖ，２",
        "BJ02R0G72U8V, ٢",
        "BJ02R0G72U8V، २",
        "BJ02R0G72U8V 𝟚",
    ],
)
def test_every_accepted_form_reads_the_same(line: str) -> None:
    item = read(line)
    assert item is not None
    assert item.fault is None
    assert Reading(LAMP, 2) in item.readings
    assert {reading.quantity for reading in item.readings} == {2}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0", Reason.QUANTITY_ZERO),
        ("00", Reason.QUANTITY_ZERO),
        ("-1", Reason.QUANTITY_NEGATIVE),
        ("−1", Reason.QUANTITY_NEGATIVE),
        ("minus 2", Reason.QUANTITY_NEGATIVE),
        ("10000", Reason.QUANTITY_TOO_LARGE),
        ("9" * 200, Reason.QUANTITY_TOO_LARGE),
        ("1.5", Reason.QUANTITY_FRACTION),
        ("1,5", Reason.QUANTITY_FRACTION),
        ("1.0", Reason.QUANTITY_FRACTION),
        ("½", Reason.QUANTITY_FRACTION),
        ("1½", Reason.QUANTITY_FRACTION),
        ("1/2", Reason.QUANTITY_FRACTION),
        ("2 1/2", Reason.QUANTITY_FRACTION),
        ("1,000", Reason.QUANTITY_NOT_A_NUMBER),
        ("1.000", Reason.QUANTITY_NOT_A_NUMBER),
        ("1'000", Reason.QUANTITY_NOT_A_NUMBER),
        ("1e3", Reason.QUANTITY_NOT_A_NUMBER),
        ("0x10", Reason.QUANTITY_NOT_A_NUMBER),
        ("2k", Reason.QUANTITY_NOT_A_NUMBER),
        ("O", Reason.QUANTITY_NOT_A_NUMBER),
        ("l", Reason.QUANTITY_NOT_A_NUMBER),
        ("1O", Reason.QUANTITY_NOT_A_NUMBER),
        ("l0", Reason.QUANTITY_NOT_A_NUMBER),
        ("2²", Reason.QUANTITY_NOT_A_NUMBER),
        ("2%", Reason.QUANTITY_NOT_A_NUMBER),
        ("2 kg", Reason.QUANTITY_NOT_A_NUMBER),
        ("two", Reason.QUANTITY_IN_WORDS),
        ("one", Reason.QUANTITY_IN_WORDS),
        ("a dozen", Reason.QUANTITY_IN_WORDS),
        ("2 dozen", Reason.QUANTITY_IN_WORDS),
        ("several", Reason.QUANTITY_IN_WORDS),
        ("二", Reason.QUANTITY_IN_WORDS),
        ("2-3", Reason.QUANTITY_RANGE),
        ("2 - 3", Reason.QUANTITY_RANGE),
        ("2–3", Reason.QUANTITY_RANGE),
        ("2 to 3", Reason.QUANTITY_RANGE),
        ("2 or 3", Reason.QUANTITY_RANGE),
        ("about 5", Reason.QUANTITY_RANGE),
        ("~5", Reason.QUANTITY_RANGE),
        ("5+", Reason.QUANTITY_RANGE),
        ("", Reason.QUANTITY_MISSING),
        ("2?", Reason.QUESTION),
        ("2 if in stock", Reason.CONDITION),
        ("2 instead of 3", Reason.CORRECTION_IN_PROSE),
        ("2 but rather blue", Reason.CORRECTION_IN_PROSE),
        ("2, 3", Reason.LINE_AMBIGUOUS),
        ("2 3", Reason.LINE_AMBIGUOUS),
        ("1 000", Reason.LINE_AMBIGUOUS),
        ("2 boxes", Reason.LINE_AMBIGUOUS),
        ("2 x 6", Reason.LINE_AMBIGUOUS),
        ("2, 7B4VYMBRQNAR, 1", Reason.LINE_AMBIGUOUS),
        ("2 and one 7B4VYMBRQNAR", Reason.LINE_AMBIGUOUS),
        ("2 @ €12.50", Reason.CURRENCY_DIFFERS),
    ],
)
def test_a_quantity_in_doubt_has_its_reason(written: str, reason: Reason) -> None:
    item = read(f"{LAMP}, {written}")
    assert item is not None
    assert item.fault is not None
    assert item.fault.reason is reason
    assert item.readings == ()


@pytest.mark.parametrize("front", ["two", "a dozen", "1.5", "1/2", "1,000", "1e3", "0", "-1", "2-3", "10000"])
def test_a_quantity_in_doubt_before_the_id_is_never_read(front: str) -> None:
    item = read(f"{front} x {LAMP}")
    assert item is not None
    assert item.fault is not None
    assert item.readings == ()


def test_words_are_asked_back_with_the_number_meant() -> None:
    item = read(f"{LAMP}, two")
    assert item is not None
    assert item.fault is not None
    assert item.fault.suggestion == "2"


@pytest.mark.parametrize(
    ("line", "each", "whole"),
    [
        (f"{LAMP}, 2 @ $12.50", 1250, None),
        (f"{LAMP}, 2 at 12.50 each", 1250, None),
        (f"{LAMP}, 2 (12,50 USD each)", 1250, None),
        (f"{LAMP}, 2 for $25", None, 2500),
        (f"{LAMP}, 2, $1,250.00", None, 125_000),
        (f"{LAMP}, 2 @ $12.50 = $25.00", 1250, 2500),
    ],
)
def test_stated_prices(line: str, each: int | None, whole: int | None) -> None:
    item = read(line)
    assert item is not None
    assert (item.readings, item.unit_price, item.line_price) == ((Reading(LAMP, 2),), each, whole)


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("71053, 6", {("71053", 6)}),
        ("71053,6", {("71053", 6)}),
        ("71053 6", {("71053", 6)}),
        ("22423 x 2", {("22423", 2)}),
        ("120 x 71", {("120", 71), ("71", 120)}),
        ("85123A x 3", {("85123A", 3)}),
        ("123A x 3", {("123A", 3)}),
        ("123A, 3", {("123A", 3)}),
        ("1. 71053 6", {("71053", 6)}),
        ("71053 White metal lantern, 6", {("71053", 6)}),
        ("MVSNWNFRBHPJ, 3", {("MVSNWNFRBHPJ", 3)}),
    ],
)
def test_ids_of_figures_or_letters_alone(line: str, readings: set[tuple[str, int]]) -> None:
    item = read(line)
    assert item is not None
    assert {(one.product_key, one.quantity) for one in item.readings} == readings


@pytest.mark.parametrize(
    "line",
    [
        "Ada Lovelace",
        "12 Analytical Way",
        "Denver, CO 80202",
        "Thanks for last time! Next order:",
        "I have bought BJ02R0G72U8V before, 2 years ago",
        "the BJ02R0G72U8V, 2 arrived broken",
        "cancel MO-7K3F-9Q2D, 2",
        "product_id, quantity",
        "ID\tQty",
        "-----",
        "",
        "?" * 1000,
        "1" * 100_000,
    ],
)
def test_what_is_no_item_line(line: str) -> None:
    assert read(line, declared=False) is None


def test_several_items_on_a_line() -> None:
    items = read_items(3, f"{LAMP}, 2; 7B4VYMBRQNAR, 1; ???", 9_999, "USD", declared=True)
    assert [item.readings for item in items] == [(Reading(LAMP, 2),), (Reading("7B4VYMBRQNAR", 1),)]


def test_an_unreadable_piece_between_semicolons_is_not_lost() -> None:
    items = read_items(3, f"{LAMP}, 2; 7B4VYMBRQNAR, 1; the blue lamp", 9_999, "USD", declared=True)
    assert [item.fault and item.fault.reason for item in items] == [None, None, Reason.LINE_NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    "line", [f"{LAMP}, 2", f"({LAMP}, 2)", f"- {LAMP} 2", f"2 x {LAMP}", f"{LAMP} x 2", f"  {LAMP}\t7"]
)
def test_the_quick_way_reads_what_the_long_way_reads(line: str) -> None:
    assert plain_item(1, line, 9_999) == read(line)
