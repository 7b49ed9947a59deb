"""Lines of products: written in any accepted way they read back; what is wrong is said of every cell at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.importing.changes import Count, plan
from daemon.importing.faults import Fault
from daemon.importing.formulas import guarded
from daemon.importing.products import COLUMNS, REQUIRED, ProductLine, read_products
from daemon.importing.tables import open_table
from store.facts import Movement, MovementReason, Product
from tests.unit.importing.test_amounts import STYLES
from tests.unit.importing.written import Way, csv_bytes, file_of, xlsx

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SIGNS = "ABCXYZ0123456789"
Said = ProductLine | tuple[Fault, ...]


def read(path: Path) -> list[Said]:
    with open_table(path, COLUMNS, REQUIRED) as table:
        return [said for _, said in read_products(table.lines, "USD")]


def read_text(folder: Path, text: str) -> list[Said]:
    return read(file_of(folder, text))


texts = st.text(alphabet="abcXYZ 0129äßé中=+-@'\",;|.%&", max_size=30).map(lambda text: " ".join(text.split()))
ids = st.from_regex(r"[A-Z0-9]([A-Z0-9 ._/-]{0,10}[A-Z0-9])?", fullmatch=True).map(lambda text: " ".join(text.split()))
products = st.builds(
    Product,
    product_id=ids,
    name=texts.filter(bool),
    category=texts.filter(bool),
    price=st.integers(0, 10**9),
    on_hand=st.integers(0, 10**6),
    active=st.booleans(),
    cost=st.integers(0, 10**9),
    supplier_id=texts.filter(bool),
)
ways = st.builds(
    Way,
    delimiter=st.sampled_from(",;\t|"),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
    zipped=st.booleans(),
    blank_lines=st.booleans(),
    sep_line=st.booleans(),
)
SPELLINGS = {
    "product_id": "Product ID",
    "on_hand": "Stock",
    "price": "PRICE",
    "cost": "wholesale-cost",
    "name": "title",
}
PLAIN = {"product_id": "product_id", "on_hand": "quantity", "price": "sale_price", "cost": "wholesale_cost"}


def table_of(shelf: Sequence[Product], style: str, order: Sequence[str], spelt: bool) -> list[list[str]]:
    def cell(one: Product, field: str) -> str:
        value = getattr(one, field)
        if field in ("price", "cost"):
            return STYLES[style](*divmod(value, 100))
        return {True: "Yes", False: "no"}[value] if field == "active" else guarded(str(value))

    names = PLAIN | (SPELLINGS if spelt else {})
    return [[names.get(field, field) for field in order], *([cell(one, field) for field in order] for one in shelf)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    shelf=st.lists(products, min_size=1, max_size=5, unique_by=lambda one: one.key),
    style=st.sampled_from(sorted(STYLES)),
    order=st.permutations(["product_id", "name", "category", "on_hand", "price", "cost", "supplier_id", "active"]),
    spelt=st.booleans(),
    way=ways | st.just("xlsx"),
)
def test_products_read_back_however_they_are_written(
    tmp_path: Path, shelf: list[Product], style: str, order: list[str], spelt: bool, way: Way | str
) -> None:
    rows = table_of(shelf, style, order, spelt)
    path = file_of(tmp_path, csv_bytes(rows, way)) if isinstance(way, Way) else xlsx(tmp_path / "t.xlsx", rows)
    said = read(path)
    assert plan([one for one in said if isinstance(one, ProductLine)], {}, None).new == shelf, said


def test_the_form_of_the_course_is_read(tmp_path: Path) -> None:
    text = "product_id,quantity,wholesale_cost,sale_price,supplier_id\n3SPC9L1ND0YE,4777,352.59,657.93,CGTJWKRL\n"
    assert read_text(tmp_path, text) == [
        ProductLine(2, "3SPC9L1ND0YE", quantity=4777, cost=35259, price=65793, supplier_id="CGTJWKRL")
    ]


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        (";1;1;yes", ["no_product_id"]),
        ("-A;1;1;yes", ["odd_product_id"]),
        ("A*B;1;1;yes", ["odd_product_id"]),
        ("ada@example.com;1;1;yes", ["odd_product_id"]),
        (f"{'A' * 65};1;1;yes", ["odd_product_id"]),
        ("A;1,234;1;yes", ["ambiguous"]),
        ("A;1.5;1;yes", ["not_whole"]),
        ("A;-1;1;yes", ["negative"]),
        ("A;1;1.234;yes", ["ambiguous"]),
        ("A;1;€5;yes", ["not_our_currency"]),
        ("A;1;1;perhaps", ["not_yes_or_no"]),
        ("$;many;cheap;perhaps", ["odd_product_id", "not_a_number", "not_a_number", "not_yes_or_no"]),
        ("A;1;1", ["too_few_cells"]),
        ("A;1;1;yes;more", ["too_many_cells"]),
    ],
)
def test_every_fault_of_a_line_is_named_at_once(tmp_path: Path, row: str, reasons: list[str]) -> None:
    said = read_text(tmp_path, f"product_id;quantity;sale_price;active\nGOOD;1;1;yes\n{row}\n")
    assert isinstance(said[0], ProductLine)
    assert not isinstance(said[1], ProductLine)
    assert [(fault.line, fault.reason) for fault in said[1]] == [(3, reason) for reason in reasons]


def test_a_text_too_long_is_refused_not_cut(tmp_path: Path) -> None:
    said = read_text(tmp_path, f"product_id,name\nA,{'x' * 201}\n")
    assert not isinstance(said[0], ProductLine)
    assert said[0][0].reason == "too_long"
    assert len(str(said[0][0])) < 130


def test_the_same_product_twice_is_a_fault_of_the_second_line(tmp_path: Path) -> None:
    said = read_text(tmp_path, "product_id,sale_price\nAB-1,1\nB,1\nab 1,1\n")
    assert not isinstance(said[2], ProductLine)
    assert str(said[2][0]) == "line 4: product_id 'ab 1' is the product of line 2 again"


LAMP = Product("L1", "Lamp", "light", 1999, 10, True, 950, "S1")


def test_what_a_line_does_not_say_does_not_change(tmp_path: Path) -> None:
    said = read_text(tmp_path, "product_id,name,category,quantity,sale_price,supplier_id,active\nl-1,,,,,,\n")
    made = plan([one for one in said if isinstance(one, ProductLine)], {LAMP.key: LAMP}, Count("ada", NOW))
    assert (made.new, made.changed, made.moved, made.faults, made.same, made.left) == ([], [], [], [], 1, 0)


def test_a_quantity_of_a_known_product_counts_only_when_it_was_counted() -> None:
    line = ProductLine(2, "L1", quantity=7, price=2099)
    left = plan([line], {LAMP.key: LAMP}, None)
    assert (left.moved, left.left, left.same, [one.price for one in left.changed]) == ([], 1, 0, [2099])
    counted = plan([line], {LAMP.key: LAMP}, Count("ada", NOW))
    assert counted.moved == [Movement("L1", -3, MovementReason.CORRECTION, NOW, "ada")]
    assert (counted.left, counted.same, counted.changed[0].on_hand) == (0, 0, 10)


def test_a_new_product_needs_a_price_and_nothing_else() -> None:
    made = plan([ProductLine(2, "N1"), ProductLine(3, "N2", price=5)], {}, None)
    assert [(fault.line, fault.reason) for fault in made.faults] == [(2, "no_price")]
    assert made.new == [Product("N2", "N2", "", 5, 0, True, None, "")]
