"""Products under a price, the catalogue, and more of the same: which listing is meant, and the page that is told."""

from collections.abc import Mapping
from datetime import datetime

from daemon.config import Config
from daemon.decide.asked import tell_product
from daemon.decide.believing import has_no_address, is_believed
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back, for_person
from daemon.decide.thread import mail_answered
from daemon.request.shapes import Ask, AskKind, Fault, Reason
from daemon.request.spelling import words
from store.facts import JSON, Listing, Outcome, Page, QueuedMail, search_text

SHORT_PAGE = 4
"""Products in an answer to somebody who may not have asked; a reply of "more" gets whole pages."""

MOST_TERMS = 5
NO_TERMS = words("a an the and or of for with in on to some any all your our my please new more other that is are")


def decide_listing(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """A page of products, or what comes nearest when there are none."""
    listing = listing_of(case, request, facts.threads, config)
    if listing is None and (shown := last_page(case, facts.threads)) is not None:
        told = {**shown, "products": [], "near": [], "instead": [], "more": None, "continued": True}
        return Decision(Outcome.DONE, "nothing_found", (Answer("products", facts=told),))
    if listing is None:
        return ask_back(case, request.kind.value, (Fault(None, "", Reason.MORE_OF_WHAT),), facts)
    page = facts.asked.pages.get(listing, Page(()))
    if request.guess and not page.products:
        return for_person(case, facts, "prose")
    told = tell_listing(listing, page, facts) | {"blank_address": has_no_address(case, facts)}
    told["short"] = not is_believed(case, facts.threads)
    sought = {"sought": request.argument} if not page.products and listing.terms else {}
    reason = "listed" if told["products"] else "nothing_found"
    return Decision(Outcome.DONE, reason, (Answer("products", facts=told, words=sought),))


def listing_of(case: Case, request: Ask, threads: Mapping[str, QueuedMail], config: Config) -> Listing | None:
    """The listing that a question asks for; of "more" it is the one of the mail that is answered, if it has more."""
    answered = mail_answered(case, threads)
    size = config.browsing.page if is_believed(case, threads) else min(SHORT_PAGE, config.browsing.page)
    best_first = config.browsing.order == "best_seller"
    match request.kind:
        case AskKind.PRODUCTS_UNDER:
            return Listing(size, (), request.cents, request.inclusive, best_first)
        case AskKind.CATALOG:
            return Listing(size, terms_of(request.argument), best_first=best_first)
        case AskKind.MORE if answered is not None and answered.mail.facts.get("more"):
            return continued(answered.mail.facts["more"], size)
    return None


def last_page(case: Case, threads: Mapping[str, QueuedMail]) -> JSON | None:
    """What the answered mail listed, where it was all there is."""
    answered = mail_answered(case, threads)
    if case.request != Ask(AskKind.MORE) or answered is None or answered.mail.kind != "products":
        return None
    return answered.mail.facts


def terms_of(text: str) -> tuple[str, ...]:
    """What is looked for: words without the small ones, and without the s of the plural."""
    said = [word for word in search_text(text).split() if word not in NO_TERMS]
    return tuple(dict.fromkeys(map(singular, said)))[:MOST_TERMS]


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def tell_listing(listing: Listing, page: Page, facts: Facts) -> JSON:
    """The facts of a page. Its terms are words of the catalogue, for only with products in it are they told."""
    current = [facts.product(one.product_id) or one for one in page.products]
    found = [one for one in current if one.active and one.on_hand > 0]
    instead = facts.asked.pages.get(cheapest(), Page(())).products if not page.products and listing.cents else ()
    return {
        "products": [tell_product(one) for one in found],
        "terms": list(listing.terms) if page.products else [],
        "cents": listing.cents,
        "inclusive": listing.inclusive,
        "near": list(facts.asked.near.get(listing, ())),
        "instead": [tell_product(one) for one in instead],
        "more": tell_place(listing, page.next) if page.next else None,
        "continued": listing.after is not None,
    }


def cheapest() -> Listing:
    """What is told where nothing is cheap enough."""
    return Listing(SHORT_PAGE)


def tell_place(listing: Listing, place: tuple[int, str]) -> JSON:
    """Where the next page begins, kept in the facts of the mail that a reply of "more" answers."""
    return {
        "terms": list(listing.terms),
        "cents": listing.cents,
        "inclusive": listing.inclusive,
        "best_first": listing.best_first,
        "after": list(place),
    }


def continued(told: JSON, size: int) -> Listing:
    rank, product_id = told["after"]
    return Listing(size, tuple(told["terms"]), told["cents"], told["inclusive"], told["best_first"], (rank, product_id))
