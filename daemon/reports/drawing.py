"""The process that draws: drawings as JSON on standard input, PNGs in base64 as JSON on standard output.

Only started by `plots`, never imported by the daemon. Made for a phone: few ticks, large type, and shapes
instead of colours, so that a grey print says the same.
"""

import base64
import io
import json
import math
import os
import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel.core import Locale
from babel.dates import format_skeleton
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency, format_decimal
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import FuncFormatter, MaxNLocator
from PIL import Image

WIDTH_INCHES, HEIGHT_INCHES, DOTS_PER_INCH = 3.5, 2.75, 288  # 1008 x 792, twice what a mail on a desktop shows
INK, SOFT, FAINT, BAND = "#1f2328", "#5b616a", "#b3aea3", "#efece5"
COLOURS = 20
DAYS_A_WEEK = 7
TITLE_WIDTH = 37
A_WEEK, A_DAY = "a week (left)", "a day (right)"
MARK, MANY = 5.0, 40  # the size of a week's mark in points, and how many weeks are too many for it
TICKS_OF_TIME = 4
A_YEAR = 52
PLAIN_BELOW = 10_000  # larger amounts are told as 12K
FEW = 4  # smaller scales need the cents

LESS_URGENT = 10
"""Added to the niceness: whatever else the machine has to do goes first."""

Words = Callable[[float], str]


def main() -> None:
    os.nice(LESS_URGENT)
    drawings = [from_json(told) for told in json.load(sys.stdin)]
    pictures = [base64.b64encode(as_png(drawing)).decode("ascii") for drawing in drawings]
    json.dump(pictures, sys.stdout)


def from_json(told: dict[str, Any]) -> dict[str, Any]:
    """A `plots.Drawing` again, as far as it is drawn; amounts in units of the currency."""
    scale = 100 if told["currency"] else 1
    return {
        **told,
        "weeks": [(date.fromisoformat(one["first_day"]), one["label"], one["value"] / scale) for one in told["weeks"]],
        "days": [(date.fromisoformat(day), value / scale) for day, value in told["days"]],
    }


def as_png(drawing: dict[str, Any]) -> bytes:
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=DOTS_PER_INCH, facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.06, h_pad=0.05)
    canvas = FigureCanvasAgg(figure)
    title = "\n".join(textwrap.wrap(drawing["title"], TITLE_WIDTH)[:3])
    figure.suptitle(title, x=0.02, ha="left", fontsize=10.5, fontweight="bold", color=INK, linespacing=1.25)
    axes = figure.subplots()
    if drawing["weeks"] and any(value for _, _, value in drawing["weeks"]):
        curves(axes, drawing)
    else:
        empty(axes, drawing["when_empty"])
    canvas.draw()  # type: ignore[no-untyped-call]
    return compressed(canvas)


def empty(axes: Axes, words: str) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, "\n".join(textwrap.wrap(words, TITLE_WIDTH)), ha="center", va="center", color=SOFT, fontsize=10)


def curves(axes: Axes, drawing: dict[str, Any]) -> None:
    weeks, days = drawing["weeks"], drawing["days"]
    first = min([weeks[0][0], *(day for day, _ in days[:1])])
    current = weeks[-1]
    axes.axvspan(at(current[0], first), at(current[0], first) + DAYS_A_WEEK, color=BAND, lw=0, zorder=0)
    axes.plot(
        [at(day, first) + 0.5 for day, _ in days],
        # Drawn on the scale of weeks: seven such days would make such a week.
        [value * DAYS_A_WEEK for _, value in days],
        color=FAINT,
        lw=0.8,
        zorder=1,
        label=A_DAY,
    )
    middles = [at(day, first) + DAYS_A_WEEK / 2 for day, _, _ in weeks]
    values = [value for _, _, value in weeks]
    axes.plot(middles, values, color=INK, lw=1.6, zorder=2)
    if len(weeks) > 1:
        size = MARK if len(weeks) <= MANY else MARK / 2
        axes.plot(middles[:-1], values[:-1], "o", ms=size, mfc="white", mec=INK, mew=1.3, zorder=3, label=A_WEEK)
    axes.plot(middles[-1], values[-1], "D", ms=MARK * 1.5, color=INK, zorder=4, clip_on=False, label=current[1])
    scales(axes, drawing, [*values, *(value * DAYS_A_WEEK for _, value in days)])
    # Whole weeks, also when the first order came in the middle of one.
    axes.set_xlim(0, at(current[0], first) + DAYS_A_WEEK)
    calendar(axes, drawing, first)
    legend(axes)


def legend(axes: Axes) -> None:
    """The week reported first, then the others, then the days."""
    named = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    order = sorted(named, key=lambda label: (label == A_DAY, label == A_WEEK))
    axes.figure.legend(
        [named[label] for label in order],
        [label if label in (A_DAY, A_WEEK) else f"{label}, reported" for label in order],
        loc="outside lower left",
        ncols=3,
        frameon=False,
        fontsize=8,
        handlelength=1.3,
        columnspacing=1.0,
        handletextpad=0.5,
        borderpad=0.1,
        labelcolor=INK,
    )


def scales(axes: Axes, drawing: dict[str, Any], values: Sequence[float]) -> None:
    """Both scales begin at zero, unless a week fell below it; the right one is a seventh of the left."""
    top, bottom = max(values), min(0.0, *values)
    margin = (top - bottom) * 0.06
    axes.set_ylim(bottom - (margin if bottom < 0 else 0), top + margin)
    days = axes.secondary_yaxis("right", functions=(a_day, a_week))
    for axis, most, largest in ((axes.yaxis, 4, top), (days.yaxis, 3, top / DAYS_A_WEEK)):
        axis.set_major_locator(MaxNLocator(most, integer=drawing["currency"] is None, steps=[1, 2, 2.5, 5, 10]))
        words = amounts(drawing["currency"], drawing["locale"], largest)
        axis.set_major_formatter(FuncFormatter(lambda value, _, words=words: words(value)))
    axes.tick_params(axis="y", length=0, labelsize=9, labelcolor=INK, pad=3)
    days.tick_params(axis="y", length=0, labelsize=8, labelcolor=SOFT, pad=3)
    axes.grid(axis="y", color="#e4e0d8", lw=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)
    days.spines["right"].set_visible(False)


def a_day(week: Any) -> Any:
    return week / DAYS_A_WEEK


def a_week(day: Any) -> Any:
    return day * DAYS_A_WEEK


def calendar(axes: Axes, drawing: dict[str, Any], first: date) -> None:
    """A few weeks are named, counted back from the one reported."""
    weeks = drawing["weeks"]
    step = max(1, math.ceil(len(weeks) / TICKS_OF_TIME))
    named = weeks[::-1][::step][::-1]
    axes.set_xticks(
        [at(day, first) + DAYS_A_WEEK / 2 for day, _, _ in named],
        [label_of(day, label, drawing["locale"], len(weeks) > A_YEAR) for day, label, _ in named],
    )
    axes.tick_params(axis="x", length=3, labelsize=9, labelcolor=INK, color=SOFT, pad=2)


def label_of(day: date, label: str, locale: str, with_year: bool) -> str:
    """A week by its number and its first day, or the month and year of that where numbers come again."""
    told = format_skeleton("yMMM" if with_year else "MMMd", datetime(day.year, day.month, day.day), locale=locale)
    return shown(f"{label}\n{told}", f"{label}\n{day:%Y-%m}" if with_year else f"{label}\n{day:%m-%d}")


def amounts(currency: str | None, locale: str, largest: float) -> Words:
    """Values as the ticks of one axis say them: whole while they are small, else all in one short unit."""

    def short(value: int) -> str:
        if currency:
            return format_compact_currency(value, currency, locale=locale)
        return format_compact_decimal(value, locale=locale)

    def whole(value: float) -> str:
        if not currency:
            return format_decimal(value, locale=locale)
        pattern = None if largest < FEW else whole_amounts(locale)
        return format_currency(value, currency, pattern, locale, currency_digits=pattern is None)

    unit, one = unit_of(largest, short)

    def told(value: float) -> str:
        number = format_decimal(value / unit, "#,##0.##", locale)
        return shown(one.replace("1", number) if unit > 1 and value else whole(value), f"{value:,.0f}")

    return told


def unit_of(largest: float, short: Callable[[int], str]) -> tuple[int, str]:
    """The largest power of ten up to the largest value that the locale says in short, with a single 1; else 1."""
    if largest >= PLAIN_BELOW:
        for power in reversed(range(3, int(math.log10(largest)) + 1)):
            one = short(10**power)
            if re.findall(r"\d+", one) == ["1"]:
                return 10**power, one
    return 1, ""


def whole_amounts(locale: str) -> str:
    """The locale's pattern of amounts without its decimals."""
    return str(Locale.parse(locale).currency_formats["standard"].pattern).split(";")[0].replace("0.00", "0")


def shown(text: str, otherwise: str) -> str:
    """The text, if the font has all its letters."""
    font = get_font(findfont(FontProperties()))
    return text if all(font.get_char_index(ord(one)) for one in text if one.isprintable()) else otherwise


def at(day: date, first: date) -> float:
    return (day - first) / timedelta(days=1)


def compressed(canvas: FigureCanvasAgg) -> bytes:
    """A PNG of a few colours, without a date in it."""
    size, drawn = canvas.get_width_height(), canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    picture = Image.frombuffer("RGBA", size, drawn, "raw", "RGBA", 0, 1)
    written = io.BytesIO()
    picture.convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
