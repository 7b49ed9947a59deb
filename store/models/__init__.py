"""The tables of shop and vault, and what the database itself forbids.

The triggers that make stock follow its movements stand beside the tables in `store.migrations.shop`.
"""

from store.models.goods import (
    CatalogueWordRow,
    ProductRow,
    ProductWordRow,
    StockMovementRow,
    catalogue_word,
    product,
    product_word,
    stock_movement,
)
from store.models.kinds import Instant, Shop, Vault, Word
from store.models.letters import LetterRow, MailboxRow, letter, mailbox
from store.models.mails import ConsentRow, OutboxRow, ProofRow, consent, outbox, proof
from store.models.offers import OfferItemRow, OfferRow, offer, offer_item
from store.models.orders import OrderLineRow, OrderRevisionRow, OrderRow, order, order_line, order_revision
from store.models.reports import ReportRunRow, ReportStartRow, report_run, report_start
from store.models.rules import MiningRow, PopularityRow, RuleRow, mining, popularity, rule
from store.models.vault import (
    EmailRow,
    EnclosureRow,
    KeyCheckRow,
    ShippingAddressRow,
    email_lookup,
    enclosure,
    key_check,
    shipping_address,
)
from store.models.wishes import WishRow, wish

__all__ = [
    "CatalogueWordRow",
    "ConsentRow",
    "EmailRow",
    "EnclosureRow",
    "Instant",
    "KeyCheckRow",
    "LetterRow",
    "MailboxRow",
    "MiningRow",
    "OfferItemRow",
    "OfferRow",
    "OrderLineRow",
    "OrderRevisionRow",
    "OrderRow",
    "OutboxRow",
    "PopularityRow",
    "ProductRow",
    "ProductWordRow",
    "ProofRow",
    "ReportRunRow",
    "ReportStartRow",
    "RuleRow",
    "ShippingAddressRow",
    "Shop",
    "StockMovementRow",
    "Vault",
    "WishRow",
    "Word",
    "catalogue_word",
    "consent",
    "email_lookup",
    "enclosure",
    "key_check",
    "letter",
    "mailbox",
    "mining",
    "offer",
    "offer_item",
    "order",
    "order_line",
    "order_revision",
    "outbox",
    "popularity",
    "product",
    "product_word",
    "proof",
    "report_run",
    "report_start",
    "rule",
    "shipping_address",
    "stock_movement",
    "wish",
]
