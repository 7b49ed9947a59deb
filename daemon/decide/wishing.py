"""Who asks to be told when a product is back in stock: noted, or answered at once."""

from datetime import datetime

from daemon.config import Config
from daemon.decide.asked import tell_product
from daemon.decide.believing import has_no_address
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back
from daemon.request.shapes import Ask, Fault, Reason
from store.facts import JSON, Outcome, Product, Wish


def decide_notify(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """Anybody may ask for it, as it tells only of our shelves; how often one is mailed for it is bounded."""
    product = facts.product(request.argument)
    if product is None or not product.active:
        return ask_back(case, "notify", (unknown(request, product, facts),), facts)
    told: JSON = {"product": tell_product(product), "blank_address": has_no_address(case, facts)}
    if product.on_hand > 0:
        return Decision(Outcome.DONE, "in_stock", (Answer("wish", facts=told | {"state": "in_stock", "days": 0}),))
    waiting = facts.wishes.get(case.hashed_email or "", set())
    if len(waiting - {product.product_id}) >= config.wishes.per_person:
        return ask_back(case, "notify", (Fault(None, "", Reason.TOO_MANY_WISHES),), facts)
    answer = Answer("wish", facts=told | {"state": "noted", "days": config.wishes.days})
    wish = Wish(product.product_id, case.hashed_email or "", now)
    return Decision(Outcome.DONE, "wish_noted", (answer,), wishes=(wish,))


def unknown(request: Ask, product: Product | None, facts: Facts) -> Fault:
    """Nothing we sell is called that; the nearest is suggested, ready to send."""
    if product is not None:
        return Fault(None, request.argument, Reason.RETIRED_PRODUCT, None, product.product_id)
    tied = (facts.nearest(request.argument) if request.argument else None) or ()
    near = tied[0] if len(tied) == 1 else None
    suggestion = f"notify {near.product_id}" if near else None
    return Fault(None, request.argument, Reason.UNKNOWN_PRODUCT, suggestion, near.product_id if near else None)
