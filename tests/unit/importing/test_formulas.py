"""No text goes out that a spreadsheet computes, and every text comes back as it was."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.importing.export import units, write_table
from daemon.importing.faults import TableError
from daemon.importing.formulas import DANGEROUS, guarded, unguarded

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "'=1",
    "''-1",
    '=HYPERLINK("http://x.example")',
    "=",
    "'",
]


@given(st.text(alphabet=st.sampled_from("=+-@\t\r＝'ab 1"), max_size=6) | st.text(max_size=20))
@example("'=x")
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not guarded(text).startswith(DANGEROUS)
    assert unguarded(guarded(text)) == text


def test_no_cell_of_a_csv_begins_as_a_formula_does(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_table(path, ["a", "b"], ([text, "plain"] for text in HOSTILE)) == len(HOSTILE)
    written = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert [cell for row in written for cell in row if cell.startswith(DANGEROUS)] == []
    assert len(written) == 1 + len(HOSTILE)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(path, ["a"], ([text] for text in [*HOSTILE, "http://x.example", "mailto:a@x.example"]))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f" not in sheet
        assert b"hyperlink" not in sheet
        assert not any("hyperlink" in name for name in archive.namelist())


def test_values_of_every_kind_are_written_as_a_spreadsheet_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    at = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    write_table(path, ["x"], [["-5 euro", -5, units(-1250), units(7), None, True, False, at, 'a "b", c\nd']])
    row = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1]
    assert row[:7] == ["'-5 euro", "-5", "-12.50", "0.07", "", "yes", "no"]
    assert row[7:] == ["2026-11-23T08:30:00+00:00", 'a "b", c\nd']
    assert units(123456) == Decimal("1234.56")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_an_export_that_breaks_off_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("old")

    def rows() -> object:
        yield ["a"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_table(path, ["x"], rows())  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "told"),
    [("out.ods", ".csv or .xlsx"), ("out", ".csv or .xlsx"), ("no/such/folder.csv", "cannot be written")],
)
def test_where_nothing_can_be_written_is_told_in_one_line(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(TableError, match=told):
        write_table(tmp_path / name, ["x"], [["a"]])


def test_what_a_workbook_cannot_hold_is_not_cut_silently(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"row 2 .* \.csv"):
        write_table(tmp_path / "out.xlsx", ["x"], [["a" * 40_000]])
    assert list(tmp_path.iterdir()) == []
