"""How fast the machine is just now: one thing of the standard library that takes about as long as an order."""

import statistics
import time
from email import policy
from email.message import EmailMessage

ROUNDS = 20
MAILS = 25
TEXT = "Thank you, your order is booked and will be with you soon.\n" * 8
HTML = f"<p>{'hello there = world ' * 150}</p>"


def yardstick() -> float:
    """Processor milliseconds to build a mail in text and HTML with EmailMessage and policy.SMTP; median of rounds."""
    return statistics.median(one_round() for _ in range(ROUNDS))


def one_round() -> float:
    began = time.thread_time()
    for _ in range(MAILS):
        build()
    return 1000 * (time.thread_time() - began) / MAILS


def build() -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "orders@shop.example"
    message["To"] = "customer@mail.example"
    message["Subject"] = "Order confirmed"
    message["Message-ID"] = "<one@shop.example>"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    return message.as_bytes()
