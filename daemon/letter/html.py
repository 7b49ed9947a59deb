"""HTML as a reader sees it: one line for each line shown, a table row being one; hidden text is not read."""

import re
from typing import TYPE_CHECKING

from daemon.letter import elements
from daemon.letter.charsets import decode, visible
from daemon.letter.shapes import Damage
from daemon.letter.text import Shown

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.I)
BLANKS = re.compile(r"[ \t\n\r\f]+")
# A parser makes each unclosed formatting element again in every later block: so many in all.
FORMATTING_WORK = 200_000
FIGURES = re.compile(r"\W*\d")
CELL_LINES = 3  # more lines than that in a cell and the table is page layout


def shown(data: bytes, parameters: dict[str, str], most_depth: int) -> Shown:
    """What a text/html part shows; TOO_DEEP, and no lines, when it nests beyond what can be parsed in linear time."""
    declared = CHARSET.search(data[:2_000])
    charset = parameters.get("charset", "") or (declared[1].decode("ascii") if declared else "")
    text, garbled = decode(data, charset)
    damage = [Damage.UNDECODABLE] if garbled else []
    if is_too_deep(text, most_depth):
        return Shown(damage=[*damage, Damage.TOO_DEEP])
    from selectolax.lexbor import LexborHTMLParser  # only letters in HTML pay for it

    page = Page()
    body = LexborHTMLParser(text.replace("\0", "")).body
    if body is not None:
        page.read(body)
        page.flush()
    return Shown(page.lines, page.struck, damage)


def is_too_deep(text: str, most: int) -> bool:
    """Whether elements nest deeper, or unclosed formatting piles up more, than can be parsed in linear time.

    Counted for each tag's name on its own, so that closing what was never opened does not hide depth.
    """
    opened: dict[str, int] = {}
    depth = formatting = work = 0
    for slash, written in TAG.findall(text):
        tag = written.lower()
        if tag in elements.SELF_CLOSING:
            work += formatting
        elif not slash:
            opened[tag] = opened.get(tag, 0) + 1
            depth += 1
            formatting += tag in elements.FORMATTING
            work += formatting
        elif opened.get(tag, 0):
            opened[tag] -= 1
            depth -= 1
            formatting -= tag in elements.FORMATTING
        if depth > most or work > FORMATTING_WORK:
            return True
    return False


class Page:
    """The lines shown so far while the tree is walked from top to bottom."""

    def __init__(self, quoted: bool = False, pre: bool = False) -> None:
        self.lines: list[tuple[str, bool]] = []
        self.struck: list[str] = []
        self.line: list[str] = []
        self.quoted = quoted
        self.pre = pre
        self.gap = False

    def read(self, node: "LexborNode") -> None:
        """Everything below this node."""
        child = node.child
        while child is not None:
            if child.is_text_node:
                self.words(child.text_content or "")
            elif child.is_element_node:
                self.element(child)
            child = child.next

    def words(self, text: str) -> None:
        """Text as it stands; a line break in it is one only where the page says so."""
        if self.pre:
            *whole, text = text.split("\n")
            for line in whole:
                self.line.append(line)
                self.put("".join(self.line))
        self.line.append(text)

    def element(self, node: "LexborNode") -> None:
        tag = node.tag or ""
        told = node.attributes
        style = (told.get("style") or "").lower().replace(" ", "") if told else ""
        if tag in elements.UNREAD or "hidden" in told or (style and elements.HIDDEN_STYLE.search(style)):
            return
        if tag == "br":
            self.put("".join(self.line))
        elif tag in elements.STRUCK or (style and elements.STRUCK_STYLE.search(style)):
            self.strike(node)
        elif told and begins_rest(told, style):
            self.flush()
            self.quoted = True
            self.block(tag, node, style, told)
            self.quoted = True  # and stays so: what follows is the mail that was answered
        elif told and is_quote(tag, told, style):
            self.flush()
            before, self.quoted = self.quoted, True
            self.block("div", node, style, told)
            self.quoted = before
        elif tag in elements.ROWS:
            self.row(node)
        elif (tag in elements.RAISED or elements.RAISED_STYLE.search(style)) and FIGURES.match(node.text()):
            self.footnote(node)
        else:
            self.block(tag, node, style, told)

    def footnote(self, node: "LexborNode") -> None:
        """Raised or lowered figures are none of those beside them: "3" with the mark "1" is not 31."""
        self.line.append(" [")
        self.read(node)
        self.line.append("] ")

    def block(self, tag: str, node: "LexborNode", style: str, told: dict[str, str | None]) -> None:
        before, self.pre = self.pre, self.pre or tag == "pre" or "white-space:pre" in style
        if tag in elements.BLOCKS:
            spaced = tag in elements.SPACED or (
                tag == "p" and not elements.NO_MARGIN.search(style) and "mso" not in class_of(told)
            )
            self.flush()
            self.gap = self.gap or spaced
            self.read(node)
            self.flush()
            self.gap = self.gap or spaced
        else:
            self.read(node)
        self.pre = before

    def row(self, node: "LexborNode") -> None:
        """One line with its cells parted by tabs; the cells' own lines when it lays out a page instead of a table."""
        self.flush()
        cells: list[Page] = []
        child = node.child
        while child is not None:
            if child.is_element_node:
                page = Page(self.quoted, self.pre)
                page.element(child)
                page.flush()
                cells.append(page)
                self.struck += page.struck
                self.quoted = self.quoted or page.quoted
            child = child.next
        told = [[text for text, _ in page.lines if text] for page in cells]
        if len(told) > 1 and all(len(lines) <= CELL_LINES for lines in told):
            quoted = all(marked for page in cells for _, marked in page.lines)
            self.lines_of([("\t".join(" ".join(lines) for lines in told), quoted)] if any(told) else [])
        else:
            for page in cells:
                self.lines_of(page.lines)

    def lines_of(self, lines: list[tuple[str, bool]]) -> None:
        if lines and self.gap and self.lines:
            self.lines.append(("", self.quoted))
        self.gap = self.gap and not lines
        self.lines += lines

    def strike(self, node: "LexborNode") -> None:
        text = " ".join(visible(node.text()).split())
        if text:
            self.struck.append(text)
        self.line.append(" ")

    def flush(self) -> None:
        """Ends the line in hand, if there is anything on it."""
        text = "".join(self.line)
        if text.strip(" \t\n\r\f"):
            self.put(text)
        self.line.clear()

    def put(self, text: str) -> None:
        self.lines_of([(visible(BLANKS.sub(" ", text)).strip(), self.quoted)])
        self.line.clear()


def class_of(told: dict[str, str | None]) -> str:
    return (told.get("class") or "").lower()


def is_quote(tag: str, told: dict[str, str | None], style: str) -> bool:
    if (
        not elements.QUOTE_CLASSES.isdisjoint(class_of(told).split())
        or (told.get("id") or "").lower() in elements.QUOTE_IDS
    ):
        return True
    if tag == "blockquote":
        return told.get("type") == "cite" or bool(elements.QUOTE_BORDER.search(style))
    return tag == "div" and told.get("name") == "quote"


def begins_rest(told: dict[str, str | None], style: str) -> bool:
    """Outlook marks where the answered mail begins, not where it ends."""
    name = (told.get("id") or "").lower().removeprefix("x_")
    return name in elements.REST_IDS or bool(style and elements.REST_BORDER.search(style))
