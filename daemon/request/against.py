"""What in the prose of an order speaks against booking it as it stands, beyond what stops us anywhere."""

import re

from daemon.request.doubt import LONGEST, MANNERS, SENTENCE_END, Doubt, doubt_in, gravest
from daemon.request.foreign import foreign_doubt
from daemon.request.quantity import VAGUE, WORDS
from daemon.request.spelling import plain, words

CANCELLING = re.compile(
    r"(?<!\w)(?:abort\w*|annul\w*|rescind\w*|retract\w*|scrap(?:ped)?|nix|(?:discard|discontinue|halt|refuse|decline|"
    r"drop|kill|bin|reject|void|pull|scratch|take back|call back)(?:ed)?(?: (?:the|my|this|that|our|it|whole|"
    r"entire)){0,3} (?:orders?|thing|lot|purchase|it|that|this))(?!\w)"
)
SECOND_THOUGHTS = re.compile(
    r"(?<!\w)(?:kidding|jok(?:e|ing)|just (?:looking|browsing|curious)|pretend|oh no|i meant?|we meant?|meant to|hold "
    r"(?:this|that|the|my|our|these|them|it|off|on|up)|on hold|thinking (?:about|of|it)|think (?:about|it over|twice|"
    r"again)|(?:will|would|'ll|to) think|undecided|not sure|unsure|decide[ds]?|deciding|replaces?|replacing|"
    r"replacement|strike|struck|cross(?:ed)? out|scratch|scrap|minus|without the|less the|too many|too much|too few|by "
    r"accident|accident(?:al|ally)|sorry,? (?:no|i|we)|pause|suspend|park|postpone\w*|(?<!see you )(?<!sooner or "
    r")later|hang on|on second|rethink|reconsider\w*|perhaps|maybe|possibly|probably|either|or else|leave (?:\w+ "
    r"){0,3}out|undo|(?:have|need|want|let me|will|must|should) (?:to )?ask|ask my|practi[sc](?:e|ing)|lorem|do "
    r"nothing|what (?:i|we) ordered|as ordered|copy of (?:my|the|this|our)|for (?:your|my|our) (?:records?|files?|"
    r"info\w*)|fyi|reminder|would be better|next (?:time|year)|some ?day|in my dreams|afford|rip-?off|already|freeze|"
    r"block|none|expensive|pricey|old order|back ?order\w*|pre-?order\w*|wait\w*)(?!\w)"
)
CONDITIONS = re.compile(
    r"(?<!\w)(?:so long as|as soon as (?!possible|you can)|say so|first (?:send|tell|ask|check|confirm)|before you "
    r"(?:ship|send|book|do)|(?:call|ask|tell|mail|ring) (?:me|us) (?:first|before)|check (?:with|first)|approv\w+|"
    r"permission|discount\w*|voucher|coupon\w*|rebate|(?:sale|half|special|best|old|lower) price|(?:after|before|"
    r"until) (?:easter|christmas|xmas|new year|the holidays?|\w+day)|tomorrow|tonight|(?:call|ask|mail) before|last "
    r"(?:year|month|time)'s prices?|price match\w*|promo\w*|free of charge)(?!\w)"
)
NUMBERS = (words(" ".join([*WORDS, *VAGUE])) - words("many score gross")) | words(
    "first second third fourth fifth former latter twice thrice zwei drei vier fünf sechs eins einen einer "
    "eine deux trois quatre cinq dos tres cuatro cinco un una uno due tre quattro cinque een twee drie"
)
NUMBER = re.compile(r"\d|[½⅓⅔¼¾①-⑳]")
WORD = re.compile(r"[^\W\d_]+")
PURPOSE = re.compile(
    r"(?<!\w)(?:für|als|mit|zu|pour|avec|comme|para|con|como|per|come|voor|met) (?:eine?[nmr]?|une?|una|een)(?!\w)"
)
""" "Pour un cadeau": an article there counts nothing."""
OF_OTHERS = re.compile(
    r"(?<!\w)(?:\d+|a|an|one|two|three|four|five|six|few|couple of|half an?) (?:days?|weeks?|months?|years?|hours?|"
    r"minutes?|times?|o'clock|am|pm|attachments?|files?|thumbs?|stars?|percent|people|persons?|kids|children)(?!\w)"
)
""" "2 weeks ago", "5 stars": what people count besides goods."""

NEEDLESS = re.compile(
    r"(?:and |but |so )?(?:(?:the )?(?:colou?r|packaging|wrapping|box|day|time|date) (?:does not|doesn't|is not|"
    r"isn't)"
    r" (?:matter|important)|(?:it )?(?:does not|doesn't) matter which colou?r|"
    r"(?:(?:i|we) (?:do not|don't|dont|won't|will not) (?:need|want|require)|no need (?:for|of)|"
    r"there(?:'s| is) no need (?:for|of)|please no|no) (?:an? |any |the |to have an? )?(?:paper |printed |"
    r"written |gift )?"
    r"(?:invoices?|receipts?|bills?|catalogu?es?|brochures?|flyers?|gift ?wrap(?:ping)?|wrapping(?: paper)?|"
    r"packing slip|"
    r"delivery note|bags?|cards?|ribbons?|signature|plastic|bubble wrap|peanuts|advertising|samples?)"
    r"|(?:there(?:'s| is) )?no need to (?:gift-? ?)?(?:wrap|ring|call|phone|reply|answer|hurry|rush|sign|write|knock|"
    r"include an? (?:invoice|receipt))(?: (?:it|them|anything|back|me|us|the (?:bell|door|parcel|lamps?|things?|"
    r"items?)))?"
    r"|(?:please )?(?:do not|don't|dont) (?:bother (?:to|with)? ?(?:wrap(?:ping)?)?|ring(?: the (?:bell|doorbell))?|"
    r"gift-?wrap|wrap|fold|bend|leave (?:it|them|the parcel) (?:outside|in the rain|at the (?:gate|door))|knock)"
    r"(?: (?:it|them|these|anything|please))?)(?:,? (?:please|thanks|thank you))?[\s.!]*"
)
"""What is not wanted besides the goods: no doubt about the order itself, and for a person to read."""


def doubt_of_order(text: str, additions: bool = True) -> Doubt | None:
    """The gravest doubt in prose beside an order, as `doubt_in` knows it; what is not needed besides is none."""
    if len(text) > LONGEST:
        return Doubt.CORRECTION
    said = [words for words in SENTENCE_END.split(plain(text)) if words and not NEEDLESS.fullmatch(words)]
    return gravest([doubt for words in said if (doubt := doubt_in(words, additions)) is not None])


def second_thought(text: str) -> Doubt | None:
    """What a sentence says against the order that nothing harmless says, in our language or another."""
    words = MANNERS.sub(" ", plain(text)).strip()
    if NEEDLESS.fullmatch(words):
        return None
    if CANCELLING.search(words):
        return Doubt.CANCELLING
    if SECOND_THOUGHTS.search(words):
        return Doubt.CORRECTION
    return Doubt.CONDITION if CONDITIONS.search(words) else foreign_doubt(words)


PHONE = re.compile(r"\+?\(?\d[\d ()./-]{5,22}\d")


def counts(text: str) -> bool:
    """Whether a sentence holds a number other than a telephone's, or a word for one: it may well speak of the items."""
    lowered = OF_OTHERS.sub(" ", PURPOSE.sub(" ", PHONE.sub(" ", plain(text))))
    return bool(NUMBER.search(lowered)) or not NUMBERS.isdisjoint(WORD.findall(lowered))
