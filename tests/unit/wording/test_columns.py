"""Aligned tables in plain text: never wider than a mail, and nothing that fits is lost."""

from hypothesis import example, given
from hypothesis import strategies as st

from daemon.wording.columns import columns, width_of
from daemon.wording.fold import WIDTH, fold

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40).map(str.strip)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=6)


@given(rows=ROWS, sides=st.sampled_from(["lrr", "lll", "rrr", "rlr"]))
@example(rows=[("Week", "Ordered", "Net"), ("W47", "$1" + "0" * 60, "$1" + "0" * 60)], sides="lrr")
def test_no_line_is_wider_than_a_mail_once_it_is_folded(rows: list[tuple[str, str, str]], sides: str) -> None:
    assert all(len(line) <= WIDTH for line in fold(columns(rows, sides)).splitlines())


@given(rows=st.lists(st.tuples(st.from_regex(r"\A[a-zß茶]{1,12}\Z"), st.integers(), st.integers()), min_size=2))
def test_what_fits_stands_there_whole_and_in_line(rows: list[tuple[str, int, int]]) -> None:
    cells = [(word, f"{one % 10**9}", f"{other % 10**9}") for word, one, other in rows]
    lines = columns(cells, "lrr").splitlines()
    assert [tuple(line.split()) for line in lines] == cells
    assert len({width_of(line) for line in lines}) == 1


def test_a_long_name_is_cut_and_says_so() -> None:
    rows = [("", "Product", "Pieces"), ("1", "Weatherproof folding garden table with two benches " * 3, "118")]
    line = columns(rows, "rlr").splitlines()[1]
    assert len(line) == WIDTH
    assert line.endswith("…    118")


def test_amounts_that_leave_no_room_become_a_list() -> None:
    huge = "$1,234,567,890,123,456,789.00"
    told = columns([("Week", "Ordered", "Net", "Cancelled"), ("W47", huge, huge, "")], "lrrr")
    assert told == f"  W47\n    Ordered: {huge}\n    Net: {huge}"
