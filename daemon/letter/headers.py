"""The header block: split, unfolded, decoded; malformed lines cost only themselves."""

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from daemon.letter.charsets import decode, visible
from daemon.letter.shapes import Limits

# A field with the lines that continue it, where every line ends in a line break; nothing in it is worth a second try.
FIELD = re.compile(r"([!-9;-~]{1,100}+)[ \t]*+:(.*+(?:\n[ \t].*+)*+)\n")
# The envelope line of a mail folder, and blanks that continue nothing.
BEFORE_FIELDS = re.compile(r"(?:>?From .*\n)?(?:[ \t][^\S\n]*\n)*")
# An encoded word; RFC 2047 allows 75 characters, real clients write longer ones and question marks unencoded.
ENCODED_WORD = re.compile(r"=\?([!->@-~]{1,60})\?([bBqQ])\?(.{0,2000}?)\?=")
VALUE_CHARACTERS = 10_000
PARAMETER = re.compile(r';\s{0,20}([!#-:<>-~]{1,60}?)(\*?)\s{0,20}=\s{0,20}("(?:[^"\\]|\\.)*"?|[^;\s]*)')
MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")
CONTINUATION = re.compile(r"(.+?)\*(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields by their lower-case name: unfolded values, not yet decoded, in the order they stand."""

    by_name: Mapping[str, list[str]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The topmost value of a field, or nothing: what stands lower was there before our own server wrote."""
        values = self.by_name.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        return self.by_name.get(name, [])


def split(raw: bytes, limits: Limits) -> tuple[Headers, bytes, bool]:
    """Headers and body of a message or part (LF line ends), and whether there were more headers than allowed.

    The block ends at the first blank line, or before the first line that is neither a field nor a
    continuation (RFC 5322 section 2.2): such a line is text that somebody wrote.
    """
    if raw.startswith(b"\n"):
        return Headers(), raw[1:], False
    block, _, body = raw.partition(b"\n\n")
    too_long = len(block) > limits.header_bytes
    # Latin-1 keeps each byte; values are decoded one by one, so one raw 8-bit header does not spoil the others.
    lines = block[: limits.header_bytes].decode("latin_1") + "\n"
    fields, count, end = unfold(lines, limits.headers)
    if end < len(lines) and count < limits.headers and not too_long:
        body = lines[end:-1].encode("latin_1") + (b"\n\n" + body if body else b"")
    return Headers(fields), body, too_long or (count >= limits.headers and end < len(lines))


def unfold(lines: str, most: int) -> tuple[dict[str, list[str]], int, int]:
    """The fields at the beginning of these lines, at most so many; how many they are and where they end."""
    fields: dict[str, list[str]] = {}
    count, end = 0, 0 if FIELD.match(lines) else BEFORE_FIELDS.match(lines).end()  # type: ignore[union-attr]
    while count < most and (found := FIELD.match(lines, end)):
        written, told = found.groups()
        name = written.lower()
        fields.setdefault(name, []).append(value_of(name, told))
        count, end = count + 1, found.end()
    return fields, count, end


def value_of(name: str, told: str) -> str:
    value = " ".join(map(str.strip, told.split("\n"))).strip() if "\n" in told else told.strip()
    if not value.isascii():
        value = decode(value.encode("latin_1"))[0]
    # From stays as it stands: what is hidden in it is not to be swept away before somebody has asked why.
    return value if value.isprintable() or name == "from" else " ".join(visible(value.replace("\r", " ")).split())


def decoded(value: str) -> str:
    """A header's text with its encoded words read (RFC 2047) and everything on one line.

    Neighbouring words of one charset are joined before decoding, since some clients cut inside a character.
    """
    value = value[:VALUE_CHARACTERS]
    if "=?" not in value:
        return value
    return " ".join(visible("".join(decoded_words(value))).split())


def decoded_words(value: str) -> Iterable[str]:
    held, charset, end = b"", "", 0
    for word in ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        named = word[1].partition("*")[0].lower()  # RFC 2231: the language may follow the charset
        if held and (between.strip() or named != charset):
            yield decode(held, charset)[0]
            held = b""
        if between.strip() or end == 0:
            yield between
        held, charset, end = held + word_bytes(word[2], word[3]), named, word.end()
    if held:
        yield decode(held, charset)[0]
    yield value[end:]


def word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf_8")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    return from_base64(letters)


def from_base64(letters: bytes) -> bytes:
    """The bytes of base64 without padding; a last letter on its own, which holds no whole byte, is left out."""
    whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured value like Content-Type's: the lower-case token before the first semicolon, and its parameters.

    RFC 2231 pieces (`name*0*=`) are put together and decoded; of parameters given twice the first counts.
    """
    value = value[:VALUE_CHARACTERS]
    token, semicolon, _ = value.partition(";")
    token = token.partition("(")[0].strip().lower()
    if not semicolon:
        return token, {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, star, text in PARAMETER.findall(value):
        if text.startswith('"'):
            text = text[1:].removesuffix('"')
            text = re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
        part = CONTINUATION.match(name) if "*" in name else None
        key = (part[1] if part else name).lower()
        if part or star:
            pieces.setdefault(key, {}).setdefault(int(part[2]) if part else 0, (text, bool(star)))
        else:
            plain.setdefault(key, decoded(text))
    for key, found in pieces.items():
        plain[key] = joined(found)
    return token, plain


def without_comments(value: str) -> str:
    """The value without its comments, which nest (RFC 5322 section 3.2.2); for fields that hold no quoted text."""
    depth, kept = 0, []
    for piece in re.findall(r"[()]|[^()]+", value[:VALUE_CHARACTERS]):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(piece)
    return "".join(kept).strip()


def joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: the pieces in order; the first one, when starred, begins with charset'language'."""
    data, charset = b"", ""
    for number in sorted(pieces):
        text, encoded = pieces[number]
        if number == 0 and encoded and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf_8")
    return visible(decode(data, charset)[0])


def message_ids(value: str) -> list[str]:
    """The ids between angle brackets, as they stand."""
    return MESSAGE_ID.findall(value)
