"""What we would recommend: for a product, for somebody's own orders, or what most people buy."""

import re
from collections.abc import Mapping
from datetime import datetime

from daemon.config import Config
from daemon.decide.asked import Suggested, Wanted, tell_product
from daemon.decide.believing import has_no_address
from daemon.decide.browsing import terms_of
from daemon.decide.proving import needs_proof
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.request.shapes import Ask
from store.facts import JSON, Listing, Outcome, Page, Product, product_key

MOST_KEYS = 20


def decide_recommend(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """Suggestions with their reasons. Whoever is not proven gets none from her own past, for those would tell of it:
    best sellers instead, which need no proof.
    """
    named = named_products(request, facts.products)
    count = config.browsing.suggestions
    suggested = facts.asked.suggested.get(wanted_of(case, named), ())
    sought = matching_listing(request, count) if request.argument and not named else None
    matching = facts.asked.pages.get(sought, Page(())).products if sought else ()
    others = best_others(case, named, facts, count)
    told = {
        "about": [tell_product(one) for one in named],
        "suggestions": [tell_suggested(one) for one in suggested] if not matching else [],
        "products": [tell_product(one) for one in matching or (others if not suggested else ())],
        "matching": bool(matching),
        "from_history": not named and not matching and not needs_proof(case),
        "blank_address": has_no_address(case, facts),
    }
    unknown = request.argument if not named and not matching else ""
    reason = "suggested" if told["suggestions"] or told["products"] else "nothing_found"
    return Decision(Outcome.DONE, reason, (Answer("recommend", facts=told, words=as_written(unknown)),))


def as_written(unknown: str) -> JSON:
    """What the customer named and we do not know: her own words, so they go through the vault."""
    return {"sought": unknown} if unknown else {}


def keys_named(request: Ask) -> tuple[str, ...]:
    """Every product key that "recommend" may name: each word, and all of them together."""
    said = re.split(r"[\s,;]+", request.argument)
    return tuple(dict.fromkeys(filter(None, map(product_key, [request.argument, *said]))))[:MOST_KEYS]


def named_products(request: Ask, products: Mapping[str, Product]) -> list[Product]:
    return [products[key] for key in keys_named(request) if key in products]


def wanted_of(case: Case, named: list[Product]) -> Wanted:
    """For the products named; else for the sender's own orders, where it is proven that she asks."""
    hashed_email = None if needs_proof(case) else case.hashed_email
    return Wanted(tuple(one.product_id for one in named), hashed_email, case.hashed_email)


def matching_listing(request: Ask, count: int) -> Listing:
    """Where the words name no product: the best sellers among those that hold them."""
    return Listing(count, terms_of(request.argument), best_first=True)


def fallback(count: int) -> Listing:
    """Where nothing has been mined yet; some more than are told, since some may be named or hers already."""
    return Listing(count + MOST_KEYS, best_first=True)


def best_others(case: Case, named: list[Product], facts: Facts, count: int) -> list[Product]:
    """The best sellers but what was asked about, and what she has: nobody is recommended the very thing."""
    not_again = facts.asked.left_out.get(case.hashed_email or "", frozenset()) | {one.product_id for one in named}
    page = facts.asked.pages.get(fallback(count), Page(()))
    return [one for one in page.products if one.product_id not in not_again][:count]


def tell_suggested(one: Suggested) -> JSON:
    return {
        **tell_product(one.product),
        "source": one.source.value,
        "after": list(one.because),
        "together": one.together if one.because else None,
        "antecedents": one.antecedents if one.because else None,
    }
