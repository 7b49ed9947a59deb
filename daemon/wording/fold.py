"""Plain text folded for reading: a paragraph is one line in a template and several in the mail."""

import re

WIDTH = 72
# What a continued line is set in by: its own indent, and the width of a bullet or a count.
LEAD = re.compile(r" *(?:- |\d{1,9} x )?")
GAPS = re.compile(r"\n{3,}")


def fold(text: str) -> str:
    """The text with no line over 72 characters, no blank at a line's end and no two empty lines together.

    A line that is a `mailto:` link stays whole, however long: cut in two it would open half a mail.
    """
    folded = "\n".join(fold_line(line.rstrip()) for line in text.split("\n"))
    return GAPS.sub("\n\n", folded).strip("\n") + "\n"


def fold_line(line: str) -> str:
    if len(line) <= WIDTH or is_link(line):
        return line
    lead = LEAD.match(line)
    indent = " " * len(lead.group() if lead else "")
    done, current = [], line[: len(indent)]
    empty = True
    for word in line[len(indent) :].split(" "):
        if not empty and len(current) + 1 + len(word) > WIDTH:
            done.append(current)
            current, empty = indent, True
        current += word if empty else f" {word}"
        empty = False
        # Only a word longer than a whole line gets here: it is cut where the line ends.
        while len(current) > WIDTH:
            done.append(current[:WIDTH])
            current = indent + current[WIDTH:]
    done.append(current)
    return "\n".join(done)


def is_link(line: str) -> bool:
    return line.startswith("mailto:") and " " not in line
