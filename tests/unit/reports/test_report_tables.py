"""The attached tables: numbers as numbers, the same bytes each time, and nothing that a spreadsheet would run."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.importing.formulas import DANGEROUS, unguarded
from daemon.reports import specimens
from daemon.reports.tables import as_csv, as_xlsx, tables
from store.facts import Figures, MarketingFigures, ProductRank

# What XLSX holds as text: no control characters but TAB, LF and CR.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
HOSTILE = st.builds(str.__add__, st.sampled_from([*DANGEROUS, "'=", "''+", ""]), TEXT)


def named(name: str) -> MarketingFigures:
    product = ProductRank(1, name[:30] or "x", name, 3, 999, None, 0, 0)
    return replace(specimens.marketing(), products=(product,))


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


@given(HOSTILE)
@settings(deadline=None, max_examples=60)
@example("=HYPERLINK(1)")
@example("@SUM(A1)")
@example("\t=1+1")
@example("\r=1+1")
@example("＝1+1")
@example("-2+3")
def test_no_text_is_taken_for_a_formula_and_each_can_be_had_back(name: str) -> None:
    figures = named(name)
    told = read_csv(as_csv([figures]))[0]["name"]
    assert not told.startswith(DANGEROUS)
    assert unguarded(told) == name
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([figures])))
    for row in book["Ranks"].iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not (isinstance(cell.value, str) and cell.value.startswith(DANGEROUS))


def test_an_address_is_guarded_like_any_text() -> None:
    figures = specimens.marketing()
    emails = {figures.customers[0].hashed_email: "=cmd|' /C calc'!A0@customer.example"}
    rows = read_csv(as_csv([figures], emails))
    assert next(row["name"] for row in rows if row["list"] == "customer").startswith("'=cmd")


def test_the_same_figures_give_the_same_bytes() -> None:
    for make in (specimens.finance, specimens.marketing, specimens.finance_without_orders):
        assert as_csv([make()]) == as_csv([make()])
        assert as_xlsx([make()]) == as_xlsx([make()])


def test_nothing_in_the_tables_depends_on_when_they_are_made() -> None:
    """The dates inside the XLSX are those of the period."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([specimens.finance()])))
    assert book.properties.created == specimens.finance().period.end.replace(tzinfo=None)
    assert book.properties.modified == book.properties.created


def test_amounts_are_numbers_to_the_cent_in_both_forms() -> None:
    figures = specimens.finance()
    sheet = read_sheets(as_xlsx([figures]))["Weeks"]
    column = sheet[0].index("ordered")
    in_cents = [week.sales.ordered.cents for week in figures.weeks]
    assert [round(float(str(row[column])) * 100) for row in sheet[1:]] == in_cents
    assert [int(Decimal(row["ordered"]) * 100) for row in read_csv(as_csv([figures]))] == in_cents


def test_every_sheet_holds_its_rows_and_the_first_is_the_csv() -> None:
    reports: list[Figures] = [specimens.finance(), specimens.marketing(), specimens.marketing_without_orders()]
    for figures in reports:
        sheets = read_sheets(as_xlsx([figures]))
        assert list(sheets) == [table.name for table in tables([figures])]
        for table in tables([figures]):
            assert sheets[table.name][0] == list(table.header)
            assert len(sheets[table.name]) == 1 + len(table.rows)
        assert len(read_csv(as_csv([figures]))) == len(tables([figures])[0].rows)


def test_the_books_in_the_table_add_up() -> None:
    rows = {str(what): amount for what, _, amount in read_sheets(as_xlsx([specimens.finance()]))["Books"][1:]}
    cents = {what: round(float(str(amount)) * 100) for what, amount in rows.items()}
    assert cents["opening"] + cents["placed"] - cents["cancelled"] + cents["changed"] == cents["closing"]


def test_addresses_stand_in_the_tables_only_for_who_is_cleared() -> None:
    figures = specimens.marketing()
    emails = {one.hashed_email: f"{one.rank}@customer.example" for one in figures.customers}
    for content in (as_csv([figures]), as_xlsx([figures])):
        assert b"customer.example" not in content
    assert b"1@customer.example" in as_csv([figures], emails)
    assert not any(one.hashed_email.encode() in as_csv([figures], emails) for one in figures.customers)
