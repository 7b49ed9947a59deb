"""Content-Transfer-Encoding undone (RFC 2045 section 6), with what was cut off or garbled named."""

import binascii
import re

from daemon.letter.headers import from_base64, parameters
from daemon.letter.parts import Part
from daemon.letter.shapes import Damage

NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
BLANK = b" \t\r\n"
BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2})(?!\r?\n)")
HALF_ESCAPE = re.compile(rb"=[0-9A-Fa-f]?\Z")
AS_IS = ("", "7bit", "8bit", "binary")
MEND_AT_MOST = 3  # garbled escapes that may be somebody's plain equals signs

Bytes = tuple[bytes, tuple[Damage, ...]]


def content_of(part: Part, most: int | None = None) -> Bytes:
    """The bytes of a part, at most so many, and what was wrong with them; TOO_LONG when there were more."""
    raw, cut = part.content, False
    if most is not None and len(raw) > 4 * most:
        raw, cut = raw[: 4 * most], True
    encoding = parameters(part.headers.first("content-transfer-encoding"))[0]
    data, damage = undone(encoding, raw)
    if cut:
        # A cut of ours is not one of theirs.
        damage = tuple(one for one in damage if one is not Damage.CUT_OFF)
    if cut or (most is not None and len(data) > most):
        return data[:most], (*damage, Damage.TOO_LONG)
    return data, damage


def undone(encoding: str, raw: bytes) -> Bytes:
    if encoding == "base64":
        return unbase64(raw)
    if encoding == "quoted-printable":
        return unquoted(raw)
    return raw, () if encoding in AS_IS else (Damage.UNDECODABLE,)


def unbase64(raw: bytes) -> Bytes:
    letters, padding, after = raw.translate(None, NOT_BASE64).partition(b"=")
    damage: list[Damage] = []
    foreign = len(raw.translate(None, BLANK)) - len(letters) - len(padding) - len(after)
    if after.strip(b"=") or foreign * 20 > len(letters):
        damage.append(Damage.UNDECODABLE)
    if len(letters) % 4 and not padding:
        damage.append(Damage.CUT_OFF)
    return from_base64(letters), tuple(damage)


def unquoted(raw: bytes) -> Bytes:
    # Blanks at the end of a line were added on the way (RFC 2045 section 6.7, rule 3).
    lines = b"\n".join(line.rstrip(b" \t\r") for line in raw.split(b"\n"))
    damage: list[Damage] = []
    if HALF_ESCAPE.search(lines, max(len(lines) - 2, 0)):
        damage.append(Damage.CUT_OFF)
    if len(BAD_ESCAPE.findall(lines)) > MEND_AT_MOST:
        damage.append(Damage.UNDECODABLE)
    return binascii.a2b_qp(lines), tuple(damage)
