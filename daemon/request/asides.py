"""The few words beside an item or above a list of items that say it is no order: a price asked, a return, a command."""

import re

from daemon.request.doubt import Doubt
from daemon.request.spelling import plain, words

PRICE = words(
    "quote quotes quoting quotation quotations rfq estimate estimates price prices pricing cost costs much angebot "
    "angebote preis preise kosten prix devis combien precio precios presupuesto cotización cotizacion preventivo "
    "prezzo prezzi preço orçamento prijs offerte tarif tarifs"
)
DOUBTS = {
    Doubt.COMPLAINT: words(
        "return returns refund refunds retoure retouren rücksendung rückgabe retour retours reklamation reclamo "
        "reclamación réclamation devolución reso kaputt defekt beschädigt cassé abîmé roto rotto lost undelivered late "
        "short shortage credit repair repairs exchange umtausch guarantee garantie swap dispute claim"
    ),
    Doubt.QUESTION: words(
        "question questions frage ask query offer offers availability available stock info information details detail "
        "picture pictures photo photos image sample samples review reviews rate rating compare comparison show view "
        "see check look interested interest consider considering inquiry enquiry tracking track trace status where "
        "when invoice invoices receipt bill reminder wishlist wish waiting waitlist hold catalog catalogue search "
        "browse find found recommend recommendation suggest suggestion help"
    ),
    Doubt.CORRECTION: words(
        "stop start again more change update modify amend notify notification alert remind unsubscribe subscribe "
        "export erase sorry replacement replacing returning without used old previous too expensive"
    ),
}
FILLERS = words(
    "of for me us my our your the a an to on about with it this that please pls plz get give send need want request "
    "requested new how is are and your all item items product products article ok back in i we would like list x pcs"
)
"""Words that change nothing about what the others say."""

WORD = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
""" No id, which holds figures."""
MOST_WORDS = 6


def asks_price(text: str) -> bool:
    """Whether the words ask what something costs, and say nothing else."""
    said = set(WORD.findall(plain(text)))
    return not said.isdisjoint(PRICE) and said <= PRICE | FILLERS


def doubt_beside(text: str) -> Doubt | None:
    """The gravest doubt in words that are nothing but such words.

    Among others they may well be a product's name: "photo of" asks, a "photo frame" does not.
    """
    said = WORD.findall(plain(text))
    if not 0 < len(said) <= MOST_WORDS or not FILLERS.union(PRICE, *DOUBTS.values()).issuperset(said):
        return None
    return next((doubt for doubt, known in DOUBTS.items() if not known.isdisjoint(said)), None)
