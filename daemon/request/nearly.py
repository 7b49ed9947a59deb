"""Questions that are nearly ones of ours: each with the command that may be meant, to be suggested and never taken."""

import re

from daemon.request.phrases import CATALOG, LIST_OF_PRODUCTS, SOUGHT, UNDER, one_of

AMOUNT = r"[$€£]? ?\d[\d.,]{0,9}(?: ?(?:[$€£]|usd|dollars?|bucks|eur|euros?))?"
WHEN = (
    r"(?:(?:of|from|in|since|for|between|last|this|the|past|to|and|year|month|week|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|20\d\d) ?)+"
)
PAST = one_of(rf"(?:(?:show(?: me)? |see |list )?(?:all )?(?:my |our ))?(?:(?:order|purchase) history|orders) {WHEN}")
PAGE = one_of(r"(?:(?P<before>.{1,60}) )?page \d{1,4}(?: of (?P<behind>.{1,60}))?")
BETWEEN = one_of(rf"{LIST_OF_PRODUCTS}(?:between|from) (?:{AMOUNT}) ?(?:and|to|-|until) ?(?P<most>{AMOUNT})")
OVER = one_of(rf"{LIST_OF_PRODUCTS}(?:over|above|more than|at least|dearer than|from|>=?) ?(?:{AMOUNT})")
SOME_UNDER = one_of(
    r"(?:(?:recommend|suggest|catalog(?:ue)?|search(?: for)?|show me|find me|do you have|have you got|me|any|a|an|"
    rf"some) )*{SOUGHT} (?P<bound>under|below|less than|cheaper than|up to) (?P<most>{AMOUNT})"
)
NO_PRICE = re.compile(r"[$€£]? ?(?:- ?[$€£]? ?\d|0+(?:[.,]0+)?(?!\d|[.,]\d))")


def nearest_command(core: str) -> tuple[str, str] | None:
    """(the kind of question, what to write instead) for a sentence without the politeness around it, or None."""
    if PAST.fullmatch(core):
        return "my_orders", "my orders"
    page = PAGE.fullmatch(core)
    if page is not None and (found := CATALOG.fullmatch(page["before"] or page["behind"] or "catalog")):
        return "catalog", f"catalog {found['word'] or found['sought'] or ''}".strip()
    if between := BETWEEN.fullmatch(core):
        return "products_under", f"products up to {between['most'].strip()}"
    if (some := SOME_UNDER.fullmatch(core)) and not UNDER.match(core):
        return "products_under", f"products {some['bound'].replace('cheaper', 'less')} {some['most'].strip()}"
    if OVER.fullmatch(core) or is_under_nothing(core):
        return "products_under", "catalog"
    return None


def is_under_nothing(core: str) -> bool:
    """Whether the bound is no price: nothing costs less than nothing."""
    under = UNDER.match(core)
    return under is not None and NO_PRICE.match(core, under.end()) is not None
