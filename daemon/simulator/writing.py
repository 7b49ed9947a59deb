"""Letters as customers' mail programs make them; headers are given as keywords with _ for -."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

SHOP = "orders@shop.example"


def plain(sender: str, subject: str, body: str, **headers: str) -> bytes:
    return made(sender, subject, body, headers).as_bytes(policy=SMTP)


def html_only(sender: str, subject: str, html: str, **headers: str) -> bytes:
    message = made(sender, subject, "", headers)
    message.set_content(html, subtype="html")
    return message.as_bytes(policy=SMTP)


def with_sheet(sender: str, subject: str, body: str, csv: str, **headers: str) -> bytes:
    message = made(sender, subject, body, headers)
    message.add_attachment(csv.encode(), maintype="text", subtype="csv", filename="order.csv")
    return message.as_bytes(policy=SMTP)


def answer(sender: str, to: EmailMessage, body: str, **headers: str) -> bytes:
    """A reply as mail programs make it: the thread in the headers, the answered mail quoted below."""
    plain_part = to.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in (plain_part.get_content() if plain_part else "").splitlines())
    text = f"{body}\n\nOn Monday, The Shop wrote:\n{quoted}\n"
    thread = {"In_Reply_To": to["Message-ID"], "References": to["Message-ID"]}
    return plain(sender, f"Re: {to['Subject']}", text, **thread, **headers)


def made(sender: str, subject: str, body: str, headers: dict[str, str]) -> EmailMessage:
    """The message so far; a Message-ID of its own unless one is given."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = SHOP
    message["Subject"] = subject
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in ({"Message-ID": make_msgid(domain="customer.example")} | told).items():
        message[name] = value
    message.set_content(body)
    return message
