"""Plain text folded for reading: a paragraph is one line in a template and several in the mail."""

import re

WIDTH = 72
# What a continued line is set in by: its own indent, and the width of a bullet or a count.
LEAD = re.compile(r" *(?:- |\d{1,9} x )?")


def fold(text: str) -> str:
    """The text with no line over 72 characters, no blank at a line's end and no two empty lines together.

    A line that is a `mailto:` link stays whole, however long: cut in two it would open half a mail.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    folded = "\n".join([line if len(line) <= WIDTH else fold_line(line) for line in lines])
    while "\n\n\n" in folded:
        folded = folded.replace("\n\n\n", "\n\n")
    return folded.strip("\n") + "\n"


def fold_line(line: str) -> str:
    if is_link(line):
        return line
    lead = LEAD.match(line)
    indent = " " * len(lead.group() if lead else "")
    done = []
    while len(line) > WIDTH:
        gap = line.rfind(" ", len(indent), WIDTH + 1)
        # Only a word longer than a whole line has no gap before it: it is cut where the line ends.
        end, rest = (WIDTH, WIDTH) if gap < 0 else (gap, gap + 1)
        done.append(line[:end])
        line = indent + line[rest:]
    return "\n".join([*done, line])


def is_link(line: str) -> bool:
    return line.startswith("mailto:") and " " not in line
