"""What the questions of a batch need to know: read in sets, and only what was asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from daemon.config import Config
from daemon.decide import Case, Facts
from daemon.decide.asked import Asked, Suggested, Wanted
from daemon.decide.browsing import cheapest, listing_of
from daemon.decide.decide import set_aside_unread
from daemon.decide.proving import needs_proof
from daemon.decide.recommending import fallback, keys_named, matching_listing, named_products, wanted_of
from daemon.handle.prepare import Desk
from daemon.request.nearest import near_words
from daemon.request.shapes import Ask, AskKind
from daemon.suggesting import Offerable, barred_for, offerable
from store import browsing, catalogue, orders, vocabulary
from store.database import Connection
from store.facts import Listing, Order, OrderState, Page, product_key

Questions = Sequence[tuple[Case, Ask]]
Histories = Mapping[str, Sequence[Order]]
OF_PAST_ORDERS = (AskKind.MY_ORDERS, AskKind.STATUS, AskKind.RECOMMEND)
STANDING = (OrderState.PLACED, OrderState.FULFILLED)


def gather_asked(connection: Connection, cases: Iterable[Case], facts: Facts, desk: Desk, now: datetime) -> Asked:
    """What the questions among the cases need; the products found join `facts`, so that their stock is kept current
    while the batch is decided. Of a letter that is not looked at, whoever sent it, nothing is looked up either.
    """
    questions = [
        (case, case.request)
        for case in cases
        if isinstance(case.request, Ask) and case.hashed_email and set_aside_unread(case, facts, desk.config) is None
    ]
    if not questions:
        return Asked()
    past = histories(connection, questions, desk.config)
    learn(connection, facts, [*keys_of_past(past), *keys_of_questions(questions)])
    baskets = wanted(questions, facts, past)
    suggested = suggestions(connection, facts, baskets, desk, now) if baskets else {}
    pages = read_pages(connection, set(listings(questions, facts, suggested, desk.config)))
    facts.products.update(
        {one.key: facts.products.get(one.key, one) for page in pages.values() for one in page.products}
    )
    unhelped = {one.to for one in baskets if one.to and not suggested.get(one)}
    left_out = barred_for(connection, unhelped, now) if unhelped else {}
    near = words_near(connection, [one for one, page in pages.items() if is_vain(one, page) and one.terms])
    return Asked(past, pages, near, suggested, left_out)


def learn(connection: Connection, facts: Facts, keys: Iterable[str]) -> None:
    """Let the facts know these products, too."""
    facts.products.update(catalogue.products(connection, set(keys) - set(facts.products)))


def warm(desk: Desk, cases: Iterable[Case]) -> None:
    """Load the rules in force before the books are held, if a letter asks for what hangs on them."""
    asked = any(isinstance(case.request, Ask) and case.request.kind is AskKind.RECOMMEND for case in cases)
    if asked and desk.suggesting is not None:
        with desk.shop.reading() as connection:
            desk.suggesting.suggester(connection)


# Past orders


def histories(connection: Connection, questions: Questions, config: Config) -> dict[str, list[Order]]:
    """Of those who are proven to ask for what hangs on them; one more than is told, to say that there are others."""
    asking = {
        case.hashed_email or ""
        for case, request in questions
        if request.kind in OF_PAST_ORDERS and not request.argument and not needs_proof(case)
    }
    return orders.histories(connection, asking, config.browsing.orders + 1)


def keys_of_past(past: Histories) -> set[str]:
    return {product_key(line.product_id) for theirs in past.values() for order in theirs for line in order.lines}


# Suggestions


def keys_of_questions(questions: Questions) -> Iterator[str]:
    for _, request in questions:
        if request.kind is AskKind.RECOMMEND:
            yield from keys_named(request)


def wanted(questions: Questions, facts: Facts, past: Histories) -> dict[Wanted, set[str]]:
    """The basket that each suggestion goes with: the products named, or all that stands in the customer's orders."""
    baskets = {}
    for case, request in questions:
        if request.kind is AskKind.RECOMMEND:
            want = wanted_of(case, named_products(request, facts.products))
            theirs = past.get(want.hashed_email or "", ())
            ordered = {line.product_id for order in theirs if order.state in STANDING for line in order.lines}
            baskets[want] = set(want.products) or ordered
    return baskets


def suggestions(
    connection: Connection, facts: Facts, baskets: Mapping[Wanted, set[str]], desk: Desk, now: datetime
) -> dict[Wanted, list[Suggested]]:
    if desk.suggesting is None:
        return {}
    suggester = desk.suggesting.suggester(connection)
    customers = {want: want.to for want in baskets if want.to}
    found = offerable(connection, suggester, baskets, customers, desk.config.browsing.suggestions, now)
    rules = [one.suggestion.rule for offers in found.values() for one in offers if one.suggestion.rule]
    learn(connection, facts, [product_key(product_id) for rule in rules for product_id in rule.antecedent])
    return {want: [explained(one, facts) for one in offers] for want, offers in found.items()}


def explained(one: Offerable, facts: Facts) -> Suggested:
    rule = one.suggestion.rule
    if rule is None:
        return Suggested(one.product, one.suggestion.source)
    known = (facts.product(product_id) for product_id in rule.antecedent)
    because = tuple(product.name or product.product_id for product in known if product is not None)
    return Suggested(one.product, one.suggestion.source, because, rule.together, rule.antecedents)


# Pages of products


def listings(
    questions: Questions, facts: Facts, suggested: Mapping[Wanted, Sequence[Suggested]], config: Config
) -> Iterator[Listing]:
    for case, request in questions:
        if request.kind is AskKind.RECOMMEND:
            named = named_products(request, facts.products)
            if not named and request.argument:
                yield matching_listing(request, config.browsing.suggestions)
            if not suggested.get(wanted_of(case, named)):
                yield fallback(config.browsing.suggestions)
        elif (listing := listing_of(case, request, facts.threads, config)) is not None:
            yield listing


def read_pages(connection: Connection, asked: set[Listing]) -> dict[Listing, Page]:
    """Where nothing is cheap enough, the cheapest there is comes along."""
    pages = {one: browsing.page(connection, one) for one in asked}
    if any(is_vain(one, page) and one.cents is not None for one, page in pages.items()):
        pages[cheapest()] = browsing.page(connection, cheapest())
    return pages


def is_vain(listing: Listing, page: Page) -> bool:
    """Whether nothing was found, rather than nothing more."""
    return not page.products and listing.after is None


def words_near(connection: Connection, vain: Sequence[Listing]) -> dict[Listing, tuple[str, ...]]:
    """For each of the listings that found nothing the words near to its own of products that can be had."""
    known = vocabulary.words(connection) if vain else ()
    near = {one: near_words(one.terms, known) for one in vain}
    had = vocabulary.on_sale(connection, {word for words in near.values() for word in words})
    return {one: tuple(word for word in words if word in had) for one, words in near.items()}
