"""A catalogue and order letters as a provider delivers them: each of another customer, each with three lines."""

import random
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime

from store.facts import Product

PRODUCTS = 2_000
LINES = 3
PLENTY = 1_000_000  # nobody is refused for want of stock
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
AUTHSERV_ID = "mx.shop.example"
SHOP_ADDRESS = "orders@shop.example"

LETTER = """\
Return-Path: <customer{n}@mail.example>
Delivered-To: {shop}
Received: from mx.shop.example ([127.0.0.1])
\tby store.shop.example with LMTP id {token}
\tfor <{shop}>; {date}
Received: from out{hop}.mail.example (out{hop}.mail.example [192.0.2.{hop}])
\tby mx.shop.example (Postfix) with ESMTPS id {token}
\tfor <{shop}>; {date}
Authentication-Results: mx.shop.example; dkim=pass header.d=mail.example;
\tspf=pass smtp.mailfrom=customer{n}@mail.example; dmarc=pass header.from=mail.example
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=s2026;
\th=from:to:subject:date:message-id:mime-version; bh={token}{token};
\tb={token}{token}{token}{token}
\t{token}{token}{token}{token}
MIME-Version: 1.0
From: Customer {n} <customer{n}@mail.example>
To: The Shop <{shop}>
Date: {date}
Message-ID: <{token}.{n}@mail.example>
Subject: order
X-Mailer: Example Mail 16.0
Content-Type: text/plain; charset="utf-8"; format=flowed
Content-Transfer-Encoding: 7bit

Ship to: Customer {n}
         {n} Analytical Way
         Denver, CO 80202
Items:
{items}

Thanks
Customer {n}
"""


def catalogue() -> list[Product]:
    """The same products at each call."""
    drawn = random.Random(2026)
    ids = dict.fromkeys("".join(drawn.choices(SIGNS, k=12)) for _ in range(PRODUCTS))
    return [
        Product(product_id, f"Thing of sort {place}", f"Sort {place % 20}", drawn.randint(100, 99_999), PLENTY, cost=50)
        for place, product_id in enumerate(ids)
    ]


def letters(count: int, products: list[Product], now: datetime, first: int = 0) -> Iterator[bytes]:
    """Order letters with CRLF line ends, of the customers numbered from `first`."""
    drawn = random.Random(first)
    date = format_datetime(now)
    for n in range(first, first + count):
        chosen = drawn.sample(products, LINES)
        items = "\n".join(f"{product.product_id}, {drawn.randint(1, 5)}" for product in chosen)
        token = f"{drawn.getrandbits(128):032x}"
        told = LETTER.format(n=n, shop=SHOP_ADDRESS, token=token, date=date, hop=n % 200 + 1, items=items)
        yield told.replace("\n", "\r\n").encode("ascii")
