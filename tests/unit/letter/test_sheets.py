"""Attached tables: read exactly, or named as unopened with the reason."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import Limits, Unopened, parse
from daemon.letter.charsets import visible
from tests.unit.letter.specimens import attachment, letter, multipart, nested, part, read

Rows = list[list[Any]]
ORDER: Rows = [["product_id", "quantity"], ["BJ02R0G72U8V", 2], ["7B4VYMBRQNAR", 1]]
READ = ((1, ("product_id", "quantity")), (2, ("BJ02R0G72U8V", "2")), (3, ("7B4VYMBRQNAR", "1")))
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def by_openpyxl(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_xlsxwriter(rows: Rows) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def changed(data: bytes, **entries: str) -> bytes:
    """The same file with some entries replaced, named with _ for what a keyword cannot hold."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, entries.get(key, old.read(name)))
    return stream.getvalue()


def with_file(data: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    return multipart(part("see the sheet"), attachment(data, name, kind))


def rows_of(data: bytes, name: str, kind: str = "application/octet-stream") -> Any:
    found = read(with_file(data, name, kind))
    assert found.unopened == ()
    (sheet,) = found.sheets
    assert sheet.name == name
    return sheet.rows


def reason_of(data: bytes, name: str, limits: Limits | None = None) -> str:
    found = parse(with_file(data, name), limits=limits or Limits())
    assert found.sheets == ()
    (unopened,) = found.unopened
    return unopened.reason


@pytest.mark.parametrize(
    "data",
    [
        b"product_id,quantity\r\nBJ02R0G72U8V,2\r\n7B4VYMBRQNAR,1\r\n",
        b"product_id;quantity\nBJ02R0G72U8V;2\n7B4VYMBRQNAR;1",
        b"product_id\tquantity\nBJ02R0G72U8V\t2\n7B4VYMBRQNAR\t1",
        b"product_id|quantity\nBJ02R0G72U8V|2\n7B4VYMBRQNAR|1",
        b'"product_id","quantity"\n"BJ02R0G72U8V","2"\n"7B4VYMBRQNAR","1"',
        b"\xef\xbb\xbfproduct_id,quantity\nBJ02R0G72U8V,2\n7B4VYMBRQNAR,1",
        "product_id\tquantity\nBJ02R0G72U8V\t2\n7B4VYMBRQNAR\t1".encode("utf-16"),
        b"product_id , quantity ,\nBJ02R0G72U8V, 2,,\n 7B4VYMBRQNAR ,1",
    ],
)
def test_csv_of_every_make(data: bytes) -> None:
    assert rows_of(data, "order.csv") == READ


def test_csv_keeps_row_numbers_quotes_and_charsets() -> None:
    data = 'sep=;\nproduct_id;quantity\n\n"BJ02;R0G72U8V";2\nfür Jürgen;1'.encode("cp1252")
    assert rows_of(data, "ORDER.CSV") == (
        (2, ("product_id", "quantity")),
        (4, ("BJ02;R0G72U8V", "2")),
        (5, ("für Jürgen", "1")),
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("text/csv", ""),
        ("text/csv; charset=utf-8", "order.csv"),
        ("application/vnd.ms-excel", "order.csv"),
        ("text/plain", "a.tsv"),
    ],
)
def test_csv_by_name_or_kind(kind: str, name: str) -> None:
    named = f'Content-Disposition: attachment; filename="{name}"' if name else "X-None: 1"
    found = read(multipart(part("see"), part("product_id,quantity\nBJ02R0G72U8V,2", kind, named)))
    assert [row for _, row in found.sheets[0].rows] == [("product_id", "quantity"), ("BJ02R0G72U8V", "2")]
    assert [text for _, text in found.lines] == ["see"]


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter])
def test_xlsx(make: Callable[[Rows], bytes]) -> None:
    assert rows_of(make(ORDER), "order.xlsx") == READ


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=12).filter(
        lambda text: not text.startswith("=") and visible(text) == text
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_xlsx_reads_as_openpyxl_does(rows: Rows) -> None:
    data = by_openpyxl(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    expected = {
        (number, column): cell
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
        for column, cell in enumerate(row)
        if cell not in (None, "") and str(cell).strip()
    }
    found = read(with_file(data, "a.xlsx"))
    got = {(n, c): text for s in found.sheets for n, row in s.rows for c, text in enumerate(row) if text}
    assert got.keys() <= expected.keys()
    for place, value in expected.items():
        text = got.get(place, "")
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert float(text) == value
        else:
            assert text == (str(value).upper() if isinstance(value, bool) else " ".join(str(value).split()))


@pytest.mark.parametrize(
    ("value", "text"),
    [(2, "2"), (2.0, "2"), (1.5, "1.5"), (0.1, "0.1"), (71053, "71053"), ("007", "007"), (True, "TRUE")],
)
def test_cells_read_as_shown(value: Any, text: str) -> None:
    assert rows_of(by_xlsxwriter([["product_id"], [value]]), "a.xlsx") == ((1, ("product_id",)), (2, (text,)))


def test_rich_and_inline_strings_and_gaps() -> None:
    sheet = (
        f'<worksheet {NAMESPACE}><sheetData><row><c t="inlineStr"><is><r><t>BJ02</t></r><r><t>R0G7</t></r>'
        '<rPh><t>no</t></rPh></is></c><c r="D1" t="str"><v>x_x0041_</v></c></row>'
        '<row r="7"><c r="B7"><v>2</v></c></row></sheetData></worksheet>'
    )
    data = changed(by_openpyxl(ORDER), sheet1=sheet)
    assert rows_of(data, "a.xlsx") == ((1, ("BJ02R0G7", "", "", "xA")), (7, ("", "2")))


def test_each_visible_worksheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["BJ02R0G72U8V", 2])
    book.create_sheet("More").append(["7B4VYMBRQNAR", 1])
    book.create_sheet("Empty")
    hidden = book.create_sheet("Hidden")
    hidden.append(["7B4VYMBRQNAR", 9])
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    found = read(with_file(stream.getvalue(), "a.xlsx"))
    assert [(sheet.name, sheet.rows) for sheet in found.sheets] == [
        ("a.xlsx: Sheet", ((1, ("BJ02R0G72U8V", "2")),)),
        ("a.xlsx: More", ((1, ("7B4VYMBRQNAR", "1")),)),
    ]


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter])
def test_formulas_are_refused(make: Callable[[Rows], bytes]) -> None:
    assert reason_of(make([*ORDER, ["7B4VYMBRQNAR", "=1+1"]]), "a.xlsx") == "formula"
    assert reason_of(b"product_id,quantity\nBJ02R0G72U8V,=1+1", "a.csv") == "formula"


SMALL = Limits(sheet_rows=10, sheet_columns=5, sheet_bytes=50_000)


@pytest.mark.parametrize("rows", [[["x", 1]] * 11, [["x"] * 6], [["x"]] + [[]] * 20 + [["y"]]])
def test_larger_than_allowed(rows: Rows) -> None:
    assert reason_of(by_openpyxl(rows), "a.xlsx", SMALL) == "too_large"
    text = "\n".join(",".join(map(str, row)) for row in rows)
    assert reason_of(text.encode(), "a.csv", SMALL) == "too_large"


def test_the_largest_allowed_is_read() -> None:
    found = parse(with_file(by_openpyxl([["x", 1, 2, 3, 4]] * 10), "a.xlsx"), limits=SMALL)
    assert len(found.sheets[0].rows) == 10


def test_a_far_cell_is_too_large() -> None:
    sheet = f'<worksheet {NAMESPACE}><sheetData><row r="9"><c r="XFD9"><v>1</v></c></row></sheetData></worksheet>'
    assert reason_of(changed(by_openpyxl(ORDER), sheet1=sheet), "a.xlsx") == "too_large"


@pytest.mark.parametrize(
    ("entry", "bomb"),
    [
        ("sheet1", " " * 20_000_000),
        ("sheet1", f"<worksheet {NAMESPACE}><sheetData><row>" + "<c><v>1</v></c>" * 600_000),
        ("sharedStrings", f"<sst {NAMESPACE}>" + "<si><t>a</t></si>" * 500_000),
    ],
)
def test_a_zip_bomb_is_too_large(entry: str, bomb: str) -> None:
    data = changed(by_xlsxwriter(ORDER), **{entry: bomb})
    assert len(data) < 100_000
    assert reason_of(data, "a.xlsx") == "too_large"


def test_all_sheets_together_are_bounded() -> None:
    data = by_openpyxl(ORDER)
    size = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    raw = multipart(*[attachment(data, f"{number}.xlsx") for number in range(4)])
    found = parse(raw, limits=Limits(sheet_bytes=size * 2))
    assert [sheet.name for sheet in found.sheets] == ["0.xlsx", "1.xlsx"]
    assert found.unopened == (Unopened("2.xlsx", "too_large"), Unopened("3.xlsx", "too_large"))


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\n\n", "a.csv"),
        (b"a,b\0\n", "a.csv"),
        (b"x" * 200_000, "a.csv"),
        (b"", "a.xlsx"),
        (b"PK\x03\x04 not a zip", "a.xlsx"),
        (b"product_id,quantity", "a.xlsx"),
        (by_openpyxl(ORDER)[:-200], "a.xlsx"),
        (by_openpyxl([]), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1="<worksheet"), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1=ENTITIES + "<worksheet>&b;</worksheet>"), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1="<a>" * 100), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1='<a><row><c t="s"><v>99</v></c></row></a>'), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1='<a><row r="x"><c><v>y</v></c></row></a>'), "a.xlsx"),
        (changed(by_openpyxl(ORDER), sheet1='<?xml version="1.0" encoding="nonsense"?><a/>'), "a.xlsx"),
    ],
)
def test_broken_files_are_unreadable(data: bytes, name: str) -> None:
    assert reason_of(data, name) == "unreadable"


GOOD_FILE = by_xlsxwriter(ORDER)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_xlsx_never_raises(data: st.DataObject) -> None:
    file = bytearray(GOOD_FILE)
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), min_size=1, max_size=8)):
        file[at] = data.draw(st.integers(0, 255))
    found = read(with_file(bytes(file), "a.xlsx"))
    assert len(found.sheets) + len(found.unopened) >= 1


@pytest.mark.parametrize(
    "name",
    ["a.xls", "a.ods", "a.pdf", "a.doc", "a.docx", "a.zip", "winmail.dat", "order.txt", "a.xlsm", "noname", "a.html"],
)
def test_other_files_are_of_the_wrong_kind(name: str) -> None:
    found = read(with_file(b"anything", name))
    assert found.unopened == (Unopened(name, "wrong_kind"),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("logo.png", "image/png"),
        ("photo", "image/jpeg"),
        ("photo.JPG", "application/octet-stream"),
        ("ada.vcf", "text/vcard"),
        ("smime.p7s", "application/pkcs7-signature"),
        ("signature.asc", "application/pgp-signature"),
    ],
)
def test_decoration_is_passed_over(name: str, kind: str) -> None:
    found = read(with_file(b"anything", name, kind))
    assert (found.unopened, found.sheets) == ((), ())


def test_encrypted_letters_are_told() -> None:
    pgp = multipart(part("Version: 1", "application/pgp-encrypted"), part("x"), kind="encrypted")
    smime = letter("x", headers="Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert [one.reason for one in read(pgp).unopened] == ["wrong_kind"]
    assert read(pgp).lines == ()
    assert read(smime).unopened == (Unopened("smime.p7m", "wrong_kind"),)


def test_a_signed_letter_is_read() -> None:
    raw = multipart(part("cancel"), attachment(b"x", "smime.p7s", "application/pkcs7-signature"), kind="signed")
    found = read(raw)
    assert ([text for _, text in found.lines], found.unopened) == (["cancel"], ())


def test_an_unread_alternative_is_not_an_attachment() -> None:
    raw = multipart(nested(part("cancel"), part("x", "text/richtext"), part("y", "application/rtf")))
    assert read(raw).unopened == ()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('filename="C:\\\\order\\\\a.pdf"', "a.pdf"),
        ('filename="../../etc/a.pdf"', "a.pdf"),
        ("filename*=utf-8''b%C3%BCcher.pdf", "bücher.pdf"),
        ("filename*0*=utf-8''b%C3%BC; filename*1=cher; filename*2=.pdf", "bücher.pdf"),
        ('filename="=?utf-8?q?b=C3=BCcher=2Epdf?="', "bücher.pdf"),
        ('filename="a\u202efdp.exe"', "afdp.exe"),
        ('filename="' + "x" * 200 + '.pdf"', "x" * 76 + ".pdf"),
        ('filename="a\tb\r\n c.pdf"', "a b c.pdf"),
    ],
)
def test_names_are_cleaned(told: str, name: str) -> None:
    raw = multipart(part("see"), part("x", "application/pdf", f"Content-Disposition: attachment; {told}"))
    assert read(raw).unopened == (Unopened(name, "wrong_kind"),)
