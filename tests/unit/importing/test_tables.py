"""Tables of every make give the same lines with the numbers that an editor shows; what is none is told in one line."""

import gzip
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from daemon.importing.faults import TableError
from daemon.importing.tables import Line, Table, open_table
from tests.unit.importing.written import Way, csv_bytes, file_of, xlsx

COLUMNS = {"product_id": ("product_id",), "name": ("name", "title"), "sale_price": ("sale_price", "price")}
ROWS = [["product_id", "name", "price"], ["A1", "Käse, rot", "1.50"], ["B2", 'Pipe 5" = 12cm', "2"]]
READ = [("A1", "Käse, rot", "1.50"), ("B2", 'Pipe 5" = 12cm', "2")]

WAYS = {
    "plain": Way(),
    "byte order mark": Way(codec="utf-8-sig"),
    "semicolons": Way(delimiter=";"),
    "tabs in UTF-16, as Excel's Unicode text": Way(delimiter="\t", codec="utf-16"),
    "Windows-1252": Way(codec="cp1252", delimiter=";"),
    "unix line ends": Way(line_end="\n"),
    "old Mac line ends": Way(line_end="\r"),
    "everything quoted": Way(quote_all=True),
    "gzipped": Way(zipped=True),
    "Excel's sep line": Way(delimiter="|", sep_line=True),
    "Excel's sep line with semicolons": Way(delimiter=";", sep_line=True, codec="utf-8-sig"),
    "blank lines between": Way(blank_lines=True),
}


def read(path: Path, *required: str) -> tuple[Table, list[Line]]:
    with open_table(path, COLUMNS, required or ("product_id",)) as table:
        return table, list(table.lines)


def cells(lines: list[Line]) -> list[tuple[str, ...]]:
    return [tuple(line.cells[name] for name in ("product_id", "name", "sale_price")) for line in lines]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_same_lines_come_out_of_every_way_of_writing(tmp_path: Path, way: Way) -> None:
    _, lines = read(file_of(tmp_path, csv_bytes(ROWS, way)))
    assert cells(lines) == READ


@pytest.mark.parametrize("numbers", [False, True])
def test_a_workbook_gives_the_same_lines(tmp_path: Path, numbers: bool) -> None:
    table, lines = read(xlsx(tmp_path / "table.xlsx", ROWS, numbers))
    assert [line.number for line in lines] == [2, 3]
    assert cells(lines) == ([("A1", "Käse, rot", "1.5"), READ[1]] if numbers else READ)
    assert (table.charset, table.size) == ("xlsx", 3)


def test_lines_have_the_numbers_that_an_editor_shows(tmp_path: Path) -> None:
    text = '\n\nproduct_id,name\n\nA1,"two\nlines"\n\nB2,b\n,,,\nC3,c'
    _, lines = read(file_of(tmp_path, text))
    assert [(line.number, line.cells["product_id"], line.cells["name"]) for line in lines] == [
        (5, "A1", "two lines"),
        (8, "B2", "b"),
        (10, "C3", "c"),
    ]


def test_a_sep_line_counts_as_a_line(tmp_path: Path) -> None:
    _, lines = read(file_of(tmp_path, "sep=;\nproduct_id;name\nA1;a\n"))
    assert [line.number for line in lines] == [3]


def test_columns_come_in_any_order_and_spelling(tmp_path: Path) -> None:
    table, lines = read(file_of(tmp_path, "Sale-Price , colour,TITLE,Product ID\n1,red,x,A1\n"))
    assert lines[0].cells == {"product_id": "A1", "name": "x", "sale_price": "1"}
    assert table.columns == {"product_id", "name", "sale_price"}
    assert table.unused == (" colour",)


def test_of_two_spellings_the_better_counts_and_the_other_is_told_as_unused(tmp_path: Path) -> None:
    table, lines = read(file_of(tmp_path, "title,name,product_id\nlong,short,A1\n"))
    assert lines[0].cells["name"] == "short"
    assert table.unused == ("title",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [("A1,x,12,50", "too_many_cells"), ("A1,x", "too_few_cells"), ("A1", "too_few_cells"), ("A1,x,1,,", None)],
)
def test_a_line_that_does_not_fit_under_the_header_is_a_fault(tmp_path: Path, row: str, reason: str | None) -> None:
    _, lines = read(file_of(tmp_path, f"product_id,name,price\n{row}\n"))
    assert (lines[0].fault.reason if lines[0].fault else None) == reason
    assert (lines[0].cells == {}) == (reason is not None)


def test_cells_are_read_as_a_reader_sees_them(tmp_path: Path) -> None:
    text = "product_id,name,price\n\u200bA1 , two\u00a0\u00a0blanks\u202e ,'-5\n=\"007\",'=1+1,''=x\n"
    _, lines = read(file_of(tmp_path, text))
    assert cells(lines) == [("A1", "two blanks", "-5"), ("007", "=1+1", "'=x")]


def formulas(path: Path) -> Path:
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["product_id", "price"])
        sheet.write_row(1, 0, ["A1", "=1+1"])
    return path


def far_away(path: Path) -> Path:
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "product_id")
        sheet.write(1_048_575, 16_383, "far")
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 400_000_000)
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda at: file_of(at, ""), "no column product_id (it is empty)"),
        (lambda at: file_of(at, "\n \n"), "no column product_id (it is empty)"),
        (lambda at: file_of(at, "id,name\n1,a\n"), "no column product_id (id, name)"),
        (lambda at: file_of(at, "product_id,name,Name\n1,a,b\n"), "the column name twice"),
        (lambda at: file_of(at, 'product_id,name\nA1,"never closed\nB2,b\n'), "line 2 cannot be split"),
        (lambda at: file_of(at, 'product_id,name\nA1,"x"y\n'), "line 2 cannot be split"),
        (lambda at: file_of(at, f"product_id,name\nA1,{'x' * 200_000}\n"), "line 2 cannot be split"),
        (lambda at: file_of(at, b"product_id,name\nA1,\0\n"), "neither a text nor XLSX"),
        (lambda at: file_of(at, b"product_id,name\nA1,\x81\xff\n"), "neither in UTF-8 nor in Windows-1252"),
        (lambda at: file_of(at, b"\xff\xfep\x00"), "no column product_id (none of ours)"),
        (lambda at: file_of(at, b"\xff\xfe\x00\xd8\n\x00"), "neither in UTF-8"),
        (lambda at: file_of(at, gzip.compress(b"product_id\nA1\n" * 99)[:-20]), "broken gzip"),
        (lambda at: file_of(at, b"\x1f\x8bnothing of the kind"), "broken gzip"),
        (lambda at: file_of(at, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old Excel"),
        (lambda at: file_of(at, b"PK\3\4 and nothing more"), "no XLSX that can be read"),
        (lambda at: formulas(at / "f.xlsx"), "holds formulas"),
        (lambda at: far_away(at / "f.xlsx"), "too large"),
        (lambda at: bomb(at / "b.xlsx"), "too large"),
        (lambda at: xlsx(at / "s.xlsx", ROWS, sheets=("a", "b")), "2 worksheets"),
        (lambda at: xlsx(at / "e.xlsx", []), "it is empty"),
        (lambda at: at / "nothing.csv", "No such file"),
        (lambda at: at, "Is a directory"),
    ],
)
def test_what_is_no_table_is_told_in_one_line(tmp_path: Path, make: object, told: str) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    with pytest.raises(TableError) as why:
        read(path)
    assert str(why.value).startswith(f"{path}: ")
    assert told in str(why.value)
    assert "\n" not in str(why.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.binary(max_size=300) | st.text(alphabet='product_id,;\t"\n\r=\0é', max_size=200).map(str.encode))
def test_no_bytes_whatever_raise_anything_else(tmp_path: Path, data: bytes) -> None:
    for head in (b"product_id,name\n", b"", b"PK\3\4", b"\xff\xfe"):
        with suppress(TableError):
            assert all(line.number >= 1 for line in read(file_of(tmp_path, head + data))[1])
