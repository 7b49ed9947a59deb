"""Letters as customers write them, in bytes, and the shop's mails as customers read them."""

import re
from collections.abc import Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

SHOP = "orders@shop.example"
LAMP, POT = "BJ02R0G72U8V", "7B4VYMBRQNAR"
NUMBER = re.compile(r"MO-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


def letter(sender: str, subject: str, body: str = "", headers: Mapping[str, str] | None = None) -> bytes:
    message = EmailMessage(policy.SMTP)
    told = {"Message-ID": make_msgid(domain="customer.example"), "From": sender, "To": SHOP, "Subject": subject}
    for name, value in (told | dict(headers or {})).items():
        message[name] = value
    message.set_content(body)
    return message.as_bytes()


HOME = ("Ada Lovelace", "12 Analytical Way", "Denver, CO 80202")


def order_of(sender: str, *items: str, home: Sequence[str] = HOME) -> bytes:
    ship_to = "Ship to: " + "\n         ".join(home) + "\n\n" if home else ""
    return letter(sender, "order", f"{ship_to}Items:\n" + "\n".join(items) + "\n")


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def number_in(mail: EmailMessage) -> str:
    """The first order number in a mail, its subject first."""
    found = NUMBER.search(f"{mail['Subject']}\n{text_of(mail)}")
    assert found is not None, mail["Subject"]
    return found[0]


def reply(sender: str, to: EmailMessage, body: str) -> bytes:
    quoted = "\n".join(f"> {line}" for line in text_of(to).splitlines())
    thread = {"In-Reply-To": to["Message-ID"], "References": to["Message-ID"]}
    return letter(sender, f"Re: {to['Subject']}", f"{body}\n\nOn Monday the shop wrote:\n{quoted}\n", thread)


def links_in(mail: EmailMessage) -> list[str]:
    """Every `mailto:` link of the HTML part, as a mail program would follow it; of the text where that is all."""
    part = mail.get_body(("html",))
    if part is None:
        return re.findall(r"mailto:\S+", text_of(mail))
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(mailto:[^"]+)"', str(part.get_content()))]


def follow(sender: str, link: str) -> bytes:
    """The letter that a mail program makes of a link (RFC 6068), sent as it stands."""
    parts = urlsplit(link)
    assert unquote(parts.path) == SHOP
    told = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    return letter(sender, told["subject"], told.get("body", "").replace("\r\n", "\n"))
