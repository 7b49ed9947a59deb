"""Tables in plain text: aligned columns of at most 72 characters."""

import unicodedata
from collections.abc import Sequence

from daemon.wording.fold import WIDTH

INDENT = "  "
GAP, NARROW_GAP = "  ", " "
NARROWEST = 6  # a column is cut down to this, no further


def columns(rows: Sequence[Sequence[str]], sides: str) -> str:
    """The rows, the first of them the head, as lines; each column is set to its side (`l` or `r`).

    What is too wide is taken from the gaps, then from the widest column on the left side, whose cells then end in an
    ellipsis; where that is not enough, each row becomes a small list. Wide characters of East Asia count as two
    (Unicode Standard Annex 11).
    """
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    gap = GAP if over(widths, GAP) <= 0 else NARROW_GAP
    missing = over(widths, gap)
    if missing > 0 and "l" in sides:
        widest = max((at for at, side in enumerate(sides) if side == "l"), key=lambda at: widths[at])
        spared = max(0, min(missing, widths[widest] - NARROWEST))
        widths[widest] -= spared
        missing -= spared
    if missing > 0:
        return "\n".join(line for row in rows[1:] for line in as_list(rows[0], row))
    return "\n".join(line_of(row, widths, sides, gap) for row in rows)


def over(widths: Sequence[int], gap: str) -> int:
    """By how much such a line is too wide."""
    return len(INDENT) + sum(widths) + len(gap) * (len(widths) - 1) - WIDTH


def as_list(head: Sequence[str], row: Sequence[str]) -> list[str]:
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(head[1:], row[1:], strict=True) if cell]
    return [f"{INDENT}{row[0]}", *(f"{INDENT}{INDENT}{line}" for line in named)]


def line_of(row: Sequence[str], widths: Sequence[int], sides: str, gap: str) -> str:
    cells = (set_to(cut(cell, width), width, side) for cell, width, side in zip(row, widths, sides, strict=True))
    return (INDENT + gap.join(cells)).rstrip()


def set_to(cell: str, width: int, side: str) -> str:
    blank = " " * max(0, width - width_of(cell))
    return blank + cell if side == "r" else cell + blank


def cut(cell: str, width: int) -> str:
    if width_of(cell) <= width:
        return cell
    kept = cell
    while kept and width_of(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def width_of(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in text)
