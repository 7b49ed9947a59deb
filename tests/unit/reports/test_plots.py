"""The plots: the same bytes each time, small, drawn whatever the figures are, and never in the daemon's own process."""

import io
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from matplotlib.figure import Figure
from PIL import Image

from daemon.reports.drawing import amounts, curves, from_json
from daemon.reports.plots import Drawing, PlotError, Point, draw

LAST = date(2026, 11, 16)
SMALL = 60_000


def drawing(weeks: int, level: int, currency: str | None = None, locale: str = "en_US") -> Drawing:
    """A curve with the ups and downs of a week; `level` in pieces or cents."""
    mondays = [LAST - timedelta(weeks=back) for back in reversed(range(weeks))]
    days = [(monday + timedelta(days=n), level * (7 - n) // 20 + n) for monday in mondays for n in range(7)]
    points = [
        Point(monday, f"W{monday.isocalendar().week}", sum(value for day, value in days if monday <= day < end))
        for monday, end in ((monday, monday + timedelta(days=7)) for monday in mondays)
    ]
    return Drawing("x", "312 orders in week 47, +8.1 % on week 46", tuple(points), tuple(days), locale, currency)


WORST = [
    drawing(13, 280),
    drawing(13, 4_120_850, "USD"),
    drawing(1, 5),
    drawing(0, 0),
    drawing(13, 0),
    drawing(104, 90_000_000_000_00, "USD"),
    drawing(13, 500_000_00, "EUR", "de_DE"),
    drawing(13, 500_000_00, "INR", "hi_IN"),
    drawing(13, -500_00, "USD"),
]


@pytest.fixture(scope="module")
def drawn() -> list[bytes]:
    return draw(WORST)


def test_whatever_the_figures_a_plot_is_a_small_picture_for_a_phone(drawn: list[bytes]) -> None:
    for content in drawn:
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.format == "PNG"
            assert picture.width >= 2 * 390
            assert picture.height < picture.width
        assert len(content) < SMALL


def test_the_same_figures_give_the_same_bytes_without_a_date_in_them(drawn: list[bytes]) -> None:
    assert draw(WORST) == drawn
    for content in drawn:
        with Image.open(io.BytesIO(content)) as picture:
            assert not {"Software", "Creation Time", "date:create"} & set(picture.info)


def test_the_week_reported_stands_out_in_grey_too(drawn: list[bytes]) -> None:
    """The band behind it is a shade of its own, and its mark is darker and larger than those of the other weeks."""
    with Image.open(io.BytesIO(drawn[0])) as picture:
        grey = picture.convert("L")
        middle = [grey.getpixel((x, grey.height // 4)) for x in range(grey.width)]
    right, left = middle[len(middle) * 9 // 10 :], middle[len(middle) // 4 : len(middle) // 2]
    assert any(isinstance(shade, int) and 220 < shade < 245 for shade in right)
    assert sum(shade == 255 for shade in left) > len(left) * 3 // 4


@pytest.mark.parametrize(
    ("largest", "currency", "locale", "value", "words"),
    [
        (400, None, "en_US", 200, "200"),
        (40_000, None, "en_US", 20_000, "20K"),
        (900.0, "USD", "en_US", 250, "$250"),
        (2.0, "USD", "en_US", 0.5, "$0.50"),
        (41_208.5, "USD", "en_US", 20_000, "$20K"),
        (900.0, "EUR", "de_DE", 250, "250\xa0€"),
        (9_000_000, "EUR", "de_DE", 2_500_000, "2,5\xa0Mio.\xa0€"),
    ],
)
def test_ticks_are_told_in_the_shops_currency_and_locale(
    largest: float, currency: str | None, locale: str, value: float, words: str
) -> None:
    assert amounts(currency, locale, largest)(value) == words


@pytest.mark.parametrize(
    ("largest", "currency", "locale", "ticks"),
    [
        (1_200_000, "USD", "en_US", ["$0", "$0.5M", "$1M"]),
        (1_200_000, None, "en_US", ["0", "0.5M", "1M"]),
        (1_200_000, "EUR", "de_DE", ["0\xa0€", "0,5\xa0Mio.\xa0€", "1\xa0Mio.\xa0€"]),
        (700_000, "EUR", "de_DE", ["0\xa0€", "500.000\xa0€", "1.000.000\xa0€"]),
    ],
)
def test_one_axis_tells_all_its_amounts_in_one_unit(
    largest: float, currency: str | None, locale: str, ticks: list[str]
) -> None:
    words = amounts(currency, locale, largest)
    assert [words(value) for value in (0, 500_000, 1_000_000)] == ticks


@pytest.mark.parametrize("missing", [0, 4])
def test_every_week_is_drawn_whole_also_when_the_first_order_came_midweek(missing: int) -> None:
    whole = drawing(13, 280)
    axes = Figure().subplots()
    curves(axes, from_json(json.loads(json.dumps(asdict(replace(whole, days=whole.days[missing:])), default=str))))
    assert axes.get_xlim() == (0, 13 * 7)


def test_a_letter_that_the_font_lacks_is_not_drawn_as_a_box() -> None:
    assert amounts("JPY", "ja_JP", 90_000)(40_000) == "40,000"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit('no memory left')", "drawing ended with 1: no memory left"),
        ("import os; os.abort()", "drawing ended with -6: it said nothing"),
        ("import time; time.sleep(60)", "drawing took more than 0.5 seconds"),
        ("print('[]')", "0 plots were drawn instead of 1"),
        ("print('[1]')", "drawing did not work: TypeError"),
        ("print('not JSON')", "drawing did not work: JSONDecodeError"),
    ],
)
def test_a_drawing_that_dies_hangs_or_talks_nonsense_is_named(code: str, reason: str) -> None:
    seconds = 0.5 if "sleep" in code else 30.0
    with pytest.raises(PlotError) as raised:
        draw([drawing(1, 5)], seconds, (sys.executable, "-c", code))
    assert str(raised.value) == reason


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(PlotError, match="FileNotFoundError"):
        draw([drawing(1, 5)], program=("/nowhere/at/all",))


def test_what_draws_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILORDER_SMTP__PASSWORD", "hunter2")
    code = "import os, json; print(json.dumps([k for k in os.environ if k.startswith('MAILORDER_')]))"
    with pytest.raises(PlotError, match="0 plots were drawn"):
        draw([drawing(1, 5)], program=(sys.executable, "-c", code))


HEAVY = "matplotlib, numpy, PIL, pandas, scipy, xlsxwriter, openpyxl"


def test_the_daemon_loads_no_plotting_before_nor_after_it_drew() -> None:
    code = (
        "import sys, daemon.cli, daemon.service.run, daemon.reports.mail, daemon.reports.plots as plots\n"
        f"heavy = lambda: sorted(set('{HEAVY}'.split(', ')) & set(sys.modules))\n"
        "print(heavy()); plots.draw([]); print(heavy())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, env=os.environ)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"], done.stdout
