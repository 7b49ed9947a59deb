"""The keys of an order form ("Ship to:", "Items:") with their synonyms."""

import re
from enum import StrEnum

from daemon.request.spelling import fold


class Key(StrEnum):
    SHIP_TO = "ship_to"
    BILL_TO = "bill_to"
    SAME_ADDRESS = "same_address"
    ITEMS = "items"
    EMAIL = "email"
    NAME = "name"
    NUMBER = "number"
    TOTAL = "total"
    NOTE = "note"
    OTHER = "other"  # known, and of no use to us


SYNONYMS = {
    Key.SHIP_TO: (
        "to|ship to|ship-to|shipto|shipping to|ship it to|please ship to|shipping address|shipping info|ship address|"
        "address|my address|delivery address|deliver to|delivery to|please deliver to|deliver it to|send to|"
        "send it to|please send to|please send it to|mail to|postal address|mailing address|full address|"
        "name and address|name & address|shipping details|delivery details|recipient|addressee|consignee|destination|"
        "lieferadresse|lieferanschrift|versandadresse|adresse|versand an|adresse de livraison|livrer à|direccion|"
        "dirección|direccion de envio|dirección de envío|enviar a|indirizzo|indirizzo di spedizione|spedire a|"
        "verzendadres|bezorgadres"
    ),
    Key.BILL_TO: (
        "bill to|bill-to|billto|billed to|billing|billing to|billing address|bill address|billing details|billing info|"
        "invoice to|invoice address|invoicing address|invoice details|sold to|rechnungsadresse|rechnungsanschrift|"
        "rechnung an|adresse de facturation|facturation|facturer à|direccion de facturacion|"
        "dirección de facturación|facturar a|indirizzo di fatturazione|fatturare a|factuuradres|factureren aan|"
        "morada de faturação|endereço de cobrança|faktura do|faktureringsadress"
    ),
    Key.SAME_ADDRESS: "same address as|same address as order|address of|address of order|ship to address of",
    Key.ITEMS: (
        "items|item|item list|order|my order|the order|new order|next order|order items|items ordered|ordered items|"
        "products ordered|order list|order details|products|product|product list|articles|goods|list|shopping list|"
        "my list|things|"
        "i want|i would like|i'd like|i'd like to order|i would like to order|i want to order|we would like to order|"
        "please send|please send me|send me|to order|order lines|lines|cart|basket|artikel|bestellung|articulos|"
        "articles commandés"
    ),
    Key.EMAIL: "email|e-mail|e mail|email address|e-mail address|my email|my e-mail|mail|mail address|from",
    Key.NAME: "name|my name|full name|customer name|customer|ship to name|contact name|attn|attention",
    Key.NUMBER: (
        "order number|order no|order nr|order #|order id|order-number|number|ref|reference|order ref|order reference|"
        "my order number"
    ),
    Key.TOTAL: "total|grand total|order total|sum|total price|total amount",
    Key.NOTE: (
        "note|notes|comment|comments|remark|remarks|message|special instructions|instructions|delivery instructions|"
        "ps|p.s|gift message"
    ),
    Key.OTHER: (
        "shipping|delivery|shipping method|phone|phone number|tel|telephone|mobile|cell|fax|date|order date|payment|"
        "payment method|pay by|po|po number|p.o|customer number|customer no|customer id|account|account number|vat|"
        "tax|tax id|subtotal|shipping cost|postage|company|subject|cc|sent|priority|website|web|source"
    ),
}
BY_WORD = {word: key for key, words in SYNONYMS.items() for word in words.split("|")}
ALONE = frozenset(
    (
        "ship to", "shipping address", "delivery address", "deliver to", "bill to", "billing address", "items",
        "order items", "shipping details",
        "items ordered", "products ordered", "item list", "order details",
    )
)  # fmt: skip
"""Keys so plain that they need no colon when they stand alone on a line."""

WITH_COLON = re.compile(
    r"[\s*_>•-]{0,6}(?P<key>[^\W\d_][^\W_ '#.&-]{0,1}[\w '#.&-]{0,28}?)[ *_]{0,4}:[ *_]{0,4}(?P<rest>.*)", re.DOTALL
)
TOTAL = re.compile(
    r"[\s*_-]{0,6}(?:(?:the|my|our) )?(?:grand |order )?(?:total|sum)(?: price| amount| cost)?(?: is| comes to| "
    r"should be| will be|,|=|)?\s*(?P<rest>[$€£]? ?\d[\d.,]{0,12} ?(?:[$€£]|[a-z]{3,7})?)[\s.]*$",
    re.IGNORECASE,
)
"""A total needs no colon where nothing but a sum follows."""

MARKUP = " *_#-=:\t"


def read_key(text: str) -> tuple[Key, str] | None:
    """The key that a line begins with and what follows it on the line, else None."""
    if ":" in text or "：" in text:
        found = WITH_COLON.match(fold(text))
        key = BY_WORD.get(" ".join(found["key"].lower().split())) if found else None
        if found and key:
            return key, original_rest(text, found["rest"])
        return None
    folded = fold(text)
    lowered = folded.lower()
    if ("total" in lowered or "sum" in lowered) and (found := TOTAL.match(folded)):
        return Key.TOTAL, found["rest"]
    word = " ".join(lowered.strip(MARKUP).split()) if len(text) < 40 else ""
    return (BY_WORD[word], "") if word in ALONE else None


def original_rest(text: str, folded_rest: str) -> str:
    """What follows the colon as it was written: names keep their own letters."""
    after = re.split("[:：]", text, maxsplit=1)[-1].strip(" *_\t\xa0")
    return after or folded_rest.strip()
