"""Prose that ties an order to what its lines do not say: a sum of money, a day, a colour, a size."""

import re

from daemon.request.money import take_prices
from daemon.request.spelling import plain

LIMIT = re.compile(
    r"(?<!\w)(?:budget|at (?:the )?most|max(?:imum|imal)?|(?:no|not) more than|up to|less than|under|below|"
    r"cheaper than|limit(?:ed)?|afford|pay|spend)(?!\w)\D{0,20}\d"
)
WHEN = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|"
    r"novem|decem)ber|spring|summer|autumn|fall|winter|christmas|xmas|easter|weekends?|(?:next|this) (?:\w+)|"
    r"(?:\d+|a|two|three|four) (?:days?|weeks?|months?)|the (?:\d+|end|first|week|spring|summer|autumn|winter|weekend))"
)
DAY = re.compile(
    r"(?<!\w)(?:sen[dt]|ship(?:ped)?|deliver(?:ed|y)?|dispatch|post|arriv(?:e|es|al)|needed|need|want|come)(?!\w).{0,40}"
    rf"(?<!\w)(?:(?:in|on|at|after|around|from|for|before|during|until) {WHEN}|tomorrow|tonight|later)(?!\w)"
    rf"|^(?:only |but |not )*(?:in|on|after|before) {WHEN}[ .!]*$"
)
COLOUR = (
    r"(?:(?:dark|light|bright|pale) )?(?:blue|red|green|yellow|orange|purple|violet|pink|black|white|gr[ae]y|brown|"
    r"beige|turquoise|silver|gold(?:en)?)"
)
SIZE = r"(?:xx?s|[sml]|xx?l|small|medium|large|\d{1,3})"
KIND = rf"(?:{COLOUR}|big(?:ger)?|small(?:er)?|larger?|tall(?:er)?|short(?:er)?|cheap(?:er)?|old|new|other|left|right)"
VARIANT = re.compile(
    rf"(?<!\w)(?:(?:in|be|it|them|colou?r(?: is)?) {COLOUR}(?!\w)|{KIND} (?:ones?|version|variant|model|kind)(?!\w)|"
    rf"{COLOUR},? please(?!\w)|sizes? {SIZE}(?!\w)|in (?:small|medium|large)(?!\w)|engrav\w{{1,5}}|monogram\w{{0,5}}|"
    r"personali[sz]\w{1,4})|^(?:blue|red|yellow|orange|purple|pink)[ .!]*$"
)
LONGEST = 1_000


def is_wish(text: str) -> bool:
    """Whether a line of prose in an order ties it to something that is not in the order's lines.

    Any sum of money does: it may be the most that the customer would pay.
    """
    words = plain(text[:LONGEST])
    return bool(take_prices(words)[1] or LIMIT.search(words) or DAY.search(words) or VARIANT.search(words))
