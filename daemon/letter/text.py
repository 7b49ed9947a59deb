"""Plain text as a reader sees it: its lines, flowed ones joined again (RFC 3676), quoted ones marked."""

from dataclasses import dataclass, field

from daemon.letter.charsets import decode, visible
from daemon.letter.shapes import Damage

SIGNATURE = "-- "


@dataclass(slots=True)
class Shown:
    """Lines in the order they are shown, as (text, whether it is marked as quoted); the first is line 1.

    `struck` are texts shown struck out, which are not in the lines.
    """

    lines: list[tuple[str, bool]] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)

    def add(self, other: "Shown") -> None:
        self.lines += other.lines
        self.struck += other.struck
        self.damage += other.damage


def shown(data: bytes, parameters: dict[str, str]) -> Shown:
    """What a text/plain part shows, by its bytes and the parameters of its Content-Type."""
    text, garbled = decode(data, parameters.get("charset", ""))
    lines = visible(text).removesuffix("\n").splitlines()
    if parameters.get("format", "").lower() == "flowed":
        read = flowed(lines, parameters.get("delsp", "").lower() == "yes")
    else:
        read = [(line.rstrip(), is_quoted(line)) for line in lines]
    return Shown(read, [], [Damage.UNDECODABLE] if garbled else [])


def is_quoted(line: str) -> bool:
    return line[:4].lstrip().startswith(">")


def flowed(lines: list[str], delsp: bool) -> list[tuple[str, bool]]:
    """RFC 3676 section 4: a line that ends in a blank goes on in the next one of the same quote depth."""
    read: list[tuple[str, bool]] = []
    paragraph: list[str] = []
    depth = 0
    for line in lines:
        bare = line.lstrip(">")
        now, text = len(line) - len(bare), bare.removeprefix(" ")
        if paragraph and (now != depth or text == SIGNATURE):
            read.append(joined(paragraph, depth))
            paragraph = []
        depth = now
        if text.endswith(" ") and text != SIGNATURE:
            paragraph.append(text[:-1] if delsp else text)
        else:
            read.append(joined([*paragraph, text], depth))
            paragraph = []
    return [*read, joined(paragraph, depth)] if paragraph else read


def joined(paragraph: list[str], depth: int) -> tuple[str, bool]:
    return "> " * bool(depth) + "".join(paragraph).rstrip(), depth > 0
