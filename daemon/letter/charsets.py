"""Bytes of any charset to text, with what could not be read named instead of raised."""

import re
from encodings.aliases import aliases

# What the web learned to read under these names: supersets that real mail uses.
WIDER = {
    "ascii": "utf_8",
    "latin_1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859_9": "cp1254",
    "tis_620": "cp874",
}
# Not charsets of mail, or slower than linear, or able to hide text in plain ASCII (UTF-7).
REFUSED = frozenset(("utf_7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"))
NOT_TEXT = frozenset(("base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"))
CODECS = frozenset(aliases.values()) - REFUSED - NOT_TEXT
UNNAMED_ALIASES = {
    "utf8mb4": "utf_8",
    "unicode_1_1_utf_8": "utf_8",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "x_sjis": "cp932",
    "windows_31j": "cp932",
    "x_gbk": "gb18030",
    "x_mac_roman": "mac_roman",
    "cp_850": "cp850",
    "x_cp1252": "cp1252",
}
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf_8"),
    (b"\xff\xfe\x00\x00", "utf_32"),
    (b"\x00\x00\xfe\xff", "utf_32"),
    (b"\xff\xfe", "utf_16"),
    (b"\xfe\xff", "utf_16"),
)

# Names under which text in ASCII is what it seems to be: the most letters by far.
ASCII_AT_LEAST = frozenset(("", "utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"))
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e01ef]"
)


def codec_of(charset: str) -> str | None:
    """The Python codec for a charset's name, or None when it has none that is safe to use.

    Only names from Python's own table are looked up: an unknown name would otherwise search the
    disk and stay in the codec cache for ever, once for each name a stranger makes up.
    """
    name = re.sub(r"[^a-z0-9]+", "_", charset[:40].lower()).strip("_")
    found = UNNAMED_ALIASES.get(name) or aliases.get(name) or (name if name in CODECS else None)
    if found is None or found not in CODECS:
        return None
    return WIDER.get(found, found)


def decode(data: bytes, charset: str = "") -> tuple[str, bool]:
    """The text of these bytes, and whether it had to be guessed so far that it cannot be relied on.

    The declared charset is believed when it fits; then UTF-8, then what old Windows clients send.
    """
    # Only in these charsets: in ISO-2022 and UTF-7 plain ASCII bytes mean something else.
    if data.isascii() and charset.lower() in ASCII_AT_LEAST:
        return data.decode("ascii"), False
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    declared = marked or codec_of(charset)
    for codec in (declared, "utf_8"):
        text = strictly(data, codec) if codec else None
        if text is not None:
            return text, declared is None and "7" in charset
    text = guessed(data, declared)
    return text, bool(charset and not declared) or text.count("\ufffd") * 20 > len(text)


def strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):  # LookupError: a codec of another platform
        return None


def guessed(data: bytes, declared: str | None) -> str:
    """Neither the declared charset nor UTF-8 fits: the one that loses little, or Windows-1252."""
    for codec in (declared, "utf_8"):
        text = data.decode(codec, "replace") if codec else ""
        lost = text.count("\ufffd")
        if text and lost <= (len(text) - len(text.encode("ascii", "ignore"))) // 2:
            return text
    return data.decode("cp1252", "replace")


def visible(text: str) -> str:
    """The text without what no reader sees: zero-width and bidi marks, byte order marks, control characters.

    Soft hyphens and no-break spaces stay: whether they join or part an id is for the grammar to say. What turns
    characters round makes 12 look like 21: before figures the mark for a lost character stands in its place.
    """
    if text.isascii():
        return text if text.isprintable() else CONTROL.sub("", text)
    return INVISIBLE.sub("", OVERRIDE.sub("\ufffd", text))


OVERRIDE = re.compile(r"[\u202d\u202e](?=[^\n]{0,40}\d)")
