"""Both formats of baskets are read as they are meant; what is wrong is told by file and line."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.importing.baskets import Basket, read_baskets
from daemon.importing.faults import TableError

TABLE = """\
order_id,placed_at,customer,product_id,name
2,2026-01-02 10:00,7,TEA,Tea
1,2026-01-01 09:00:30,,POT,"Pot, brown"
2,2026-01-02 10:00,7,POT,Pot
1,2026-01-01 09:00:30,,POT,Pot
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_lines_of_an_order_are_one_basket_and_the_oldest_comes_first(tmp_path: Path, name: str) -> None:
    assert read_baskets(written(tmp_path, name, TABLE)) == [
        Basket(datetime(2026, 1, 1, 9, 0, 30, tzinfo=UTC), frozenset({"POT"})),
        Basket(datetime(2026, 1, 2, 10, 0, tzinfo=UTC), frozenset({"TEA", "POT"}), "7"),
    ]


@pytest.mark.parametrize("name", ["baskets.txt", "baskets.txt.gz"])
def test_a_basket_a_line_in_the_order_of_lines(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, "whole milk,tea \r\n\r\ntea,tea\n")
    assert read_baskets(path) == [Basket(None, frozenset({"whole milk", "tea"})), Basket(None, frozenset({"tea"}))]


def test_a_table_without_times_keeps_the_order_of_its_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "orders.csv", "order_id,product_id\nb,TEA\na,POT\n")
    assert read_baskets(path) == [Basket(None, frozenset({"TEA"})), Basket(None, frozenset({"POT"}))]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "milk,tea\nmilk,,tea\n", "line 2: has nothing between two commas"),
        ("a.txt", "milk,tea,\n", "line 1: has nothing between two commas, or at an end"),
        ("a.txt", "", "is empty"),
        ("a.csv", "order_id,name\n1,Tea\n", "no column product_id"),
        ("a.csv", "order_id,product_id\n1,TEA\n,POT\n", "line 3: order_id is empty"),
        ("a.csv", "order_id,product_id\n1,\n", "line 2: product_id is empty"),
        (
            "a.csv",
            TABLE + "3,yesterday,7,TEA,Tea\n",
            "line 6: placed_at 'yesterday' is no date; write it like 2026-01-31",
        ),
        ("a.csv", TABLE + "3,2026-02-01\n", "line 6: has 2 cells under 5 headers"),
    ],
)
def test_what_is_wrong_is_one_line_with_file_and_row(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(TableError) as told:
        read_baskets(path)
    assert str(told.value).startswith(f"{path}: ")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_gz_that_is_none_and_gz_that_is_cut_off_are_told(tmp_path: Path) -> None:
    plain, cut = tmp_path / "a.txt.gz", tmp_path / "b.txt.gz"
    plain.write_text("milk,tea\n")
    cut.write_bytes(gzip.compress(b"milk,tea\n" * 1_000)[:-10])
    with pytest.raises(TableError, match="gz and is not gzipped"):
        read_baskets(plain)
    with pytest.raises(TableError, match="is broken gzip"):
        read_baskets(cut)
