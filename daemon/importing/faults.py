"""What can be wrong with a file that staff bring: with a line of it, or with the whole."""

from dataclasses import dataclass

LONGEST_SHOWN = 60


class TableError(Exception):
    """The file as a whole cannot be read; the message says in one line where and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: the reason by its name, and in words that say what to write instead.

    `line` is counted as an editor or a spreadsheet does; `column` and `text` are empty when all of the line is meant.
    """

    line: int
    column: str
    text: str
    reason: str
    words: str

    def __str__(self) -> str:
        where = f"{self.column} {in_short(self.text)!r} " if self.column else ""
        return f"line {self.line}: {where}{self.words}"


def in_short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
