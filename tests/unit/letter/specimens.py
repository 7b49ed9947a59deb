"""A small language for letters in bytes."""

import base64

from daemon.letter import Letter, parse

ORDER_TEXT = "BJ02R0G72U8V, 2"


def letter(*body: str | bytes, headers: str | bytes = "", sender: str = "Ada Lovelace <ada@customer.example>") -> bytes:
    """A letter with CRLF line ends; `body` are its lines, `headers` come before the usual ones."""
    top = encoded(headers).strip(b"\n")
    usual = f"From: {sender}\nTo: orders@shop.example\nMessage-ID: <one@customer.example>\n".encode() if sender else b""
    head = (top + b"\n" if top else b"") + usual + (b"" if b"subject:" in top.lower() else b"Subject: order\n")
    return (head + b"\n" + b"\n".join(map(encoded, body))).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def part(content: str | bytes, kind: str = "text/plain; charset=utf-8", *headers: str) -> bytes:
    head = "".join(f"{line}\n" for line in (f"Content-Type: {kind}", *headers))
    return head.encode() + b"\n" + encoded(content)


def attachment(content: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    head = f'Content-Disposition: attachment; filename="{name}"'
    return part(base64.encodebytes(content), kind, head, "Content-Transfer-Encoding: base64")


def body_of(*parts: bytes, boundary: str = "b1", closed: bool = True) -> bytes:
    pieces = b"".join(f"--{boundary}\n".encode() + one + b"\n" for one in parts)
    return pieces + (f"--{boundary}--\n".encode() if closed else b"")


def multipart(*parts: bytes, kind: str = "mixed", headers: str = "", closed: bool = True, more: str = "") -> bytes:
    """A letter of several parts."""
    told = f'{headers}\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="b1"{more}'
    return letter(body_of(*parts, closed=closed), headers=told)


def nested(*parts: bytes, kind: str = "alternative", boundary: str = "b2") -> bytes:
    """A multipart inside of another one."""
    return part(body_of(*parts, boundary=boundary), f'multipart/{kind}; boundary="{boundary}"')


def alternative(text: str, html: str, headers: str = "") -> bytes:
    return multipart(part(text), part(html, "text/html; charset=utf-8"), kind="alternative", headers=headers)


def html_letter(html: str) -> bytes:
    return letter(html, headers="Content-Type: text/html; charset=utf-8")


def read(raw: bytes) -> Letter:
    return parse(raw, own_domain="shop.example", own_address="orders@shop.example", authserv_id="mx.shop.example")


def texts(raw: bytes) -> list[str]:
    """What is read of it, without the line numbers and blank lines."""
    return [line for _, line in read(raw).lines if line]
