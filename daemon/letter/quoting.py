"""What the sender wrote anew, parted from quotes, forwarded mail and signatures."""

from dataclasses import dataclass

from daemon.letter import phrases
from daemon.letter.text import Shown

MARKED_CHARACTERS = 400  # no marker line is longer; keeps every search here bounded

HEADER_LINES = 8
WRAPPED_LINES = 3  # over so many lines clients wrap "On ... wrote:"

Lines = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Written:
    """The sender's own lines with their numbers; blank ones too, so that paragraphs are seen.

    `inside_quote`: the text ended in what was quoted or signed, so that a cut there cut nothing of the sender's.
    """

    lines: tuple[tuple[int, str], ...]
    forwarded: bool
    inside_quote: bool


def is_reply(subject: str) -> bool:
    return bool(phrases.REPLY.match(subject.lstrip()))


def is_forward(subject: str) -> bool:
    return bool(phrases.FORWARD.match(subject.lstrip()))


def written(shown: Shown) -> Written:
    """Only what is new: quotes and attributions go line by line (answers below them stay), what follows an original
    message, a forwarded one or a signature goes to the end."""
    kept: list[tuple[int, str]] = []
    forwarded = before = quoted = False
    lines = shown.lines
    for index, (line, quoted) in enumerate(lines):
        text = line.strip()
        plain = not text or is_plain(text)
        marker = not plain and is_forward_marker(lines, index, text)
        if quoted:
            # Web mail puts forwarded mail into a quote; what a client quotes with > was forwarded to the other one.
            forwarded = forwarded or (marker and not before and not text.startswith(">"))
        elif plain:
            kept.append((index + 1, line))
        elif marker or ends_here(lines, index, text):
            return Written(trimmed(kept), forwarded or marker, True)
        elif (attribution := attribution_begins(lines, index, text)) is not None:
            while kept and kept[-1][0] > attribution:
                kept.pop()
            if not followed_by_quote(lines, index):
                return Written(trimmed(kept), forwarded, True)
        elif not phrases.SENT_FROM.fullmatch(text[:MARKED_CHARACTERS]):
            kept.append((index + 1, line))
        before = quoted
    return Written(trimmed(kept), forwarded, quoted)


def is_plain(text: str) -> bool:
    """Whether a line cannot be a mark of any kind, as most cannot: it holds no colon and begins like none."""
    return ":" not in text and "：" not in text and phrases.MARK_BEGINS.match(text) is None


def trimmed(lines: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Without the blank lines at both ends."""
    first, last = 0, len(lines)
    while first < last and not lines[first][1]:
        first += 1
    while last > first and not lines[last - 1][1]:
        last -= 1
    return tuple(lines[first:last])


def is_forward_marker(lines: Lines, index: int, text: str) -> bool:
    """Dashes or a colon make it a marker; the bare words do only above a header block."""
    if len(text) > MARKED_CHARACTERS or not phrases.FORWARDED.fullmatch(text):
        return False
    return not text[0].isalpha() or text.endswith((":", "：")) or heads_block(lines, index + 1)


def ends_here(lines: Lines, index: int, text: str) -> bool:
    """Whether all from here on is a signature or somebody else's mail."""
    if len(text) > MARKED_CHARACTERS:
        return False
    if text[0] not in "-_":
        return phrases.FROM_KEY.match(text + " ") is not None and heads_block(lines, index)
    if phrases.SIGNATURE.fullmatch(text) or phrases.ORIGINAL.fullmatch(text):
        return True
    return phrases.RULE.fullmatch(text) is not None and heads_block(lines, index + 1)


def heads_block(lines: Lines, index: int) -> bool:
    """Whether a block like Outlook's stands here: From, and close below it Sent or Date, and Subject."""
    block = [text.strip()[:60] + " " for text, _ in lines[index : index + HEADER_LINES] if text.strip()]
    if not block or not phrases.FROM_KEY.match(block[0]):
        return False
    return any(map(phrases.DATE_KEY.match, block)) and any(map(phrases.SUBJECT_KEY.match, block))


def attribution_begins(lines: Lines, index: int, text: str) -> int | None:
    """Index of the first line of "On ... wrote:" when this line ends one."""
    if not text.endswith((":", "：")):
        return None
    whole = ""
    for first in range(index, max(index - WRAPPED_LINES, -1), -1):
        candidate, quoted = lines[first]
        whole = f"{candidate.strip()} {whole}".strip()
        if quoted or not candidate.strip() or len(whole) > MARKED_CHARACTERS:
            break
        if is_attribution(whole):
            return first
    if len(text) > MARKED_CHARACTERS:
        return None
    if followed_by_quote(lines, index):
        return index if any(one.search(text) for one in (phrases.WROTE, phrases.ADDRESS, phrases.DAY)) else None
    return index if phrases.DATED.search(text) and phrases.WROTE.search(text) else None


def is_attribution(whole: str) -> bool:
    """Whether words that end in a colon say who wrote what follows and when, in a language we know or in any other."""
    if not phrases.DATED.search(whole):
        return False
    if phrases.ADDRESS.search(whole) and phrases.MOMENT.search(whole):
        return phrases.DAY.search(whole) is not None
    return phrases.ATTRIBUTION_OPENS.match(whole) is not None and phrases.WROTE.search(whole) is not None


def followed_by_quote(lines: Lines, index: int) -> bool:
    return next((quoted for text, quoted in lines[index + 1 :] if text.strip() or quoted), False)
