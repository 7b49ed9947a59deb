"""Prose that must stop us: complaints, negation, questions, conditions, second thoughts."""

import re
from enum import StrEnum
from functools import lru_cache

from daemon.request.spelling import plain


class Doubt(StrEnum):
    """What makes a careful clerk stop, the gravest first."""

    COMPLAINT = "complaint"
    CANCELLING = "cancelling"
    NEGATION = "negation"
    QUESTION = "question"
    CONDITION = "condition"
    CORRECTION = "correction"
    ELSEWHERE = "elsewhere"


DAY = (
    r"(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?\b|tomorrow|tonight|today|noon|midnight|next |"
    r"the (?:\d|end|week|first)|end of|christmas|xmas|easter|thanksgiving\b(?! \w+ \d)|my |her |his |\d|"
    r"(?:jan|feb|march|apr|may|june|july|aug|sept|oct|nov|dec)"
)
PATTERNS = {
    Doubt.COMPLAINT: (
        r"broken|broke|damaged?|defect(?:ive)?|faulty|crack(?:ed)?|shattered|chipped|leak(?:s|ing|ed)?|refund(?:s|"
        r"ed)?|money back|complain(?:t|ts|ing|ed)?|arrived|never (?:came|got|received|arrived)|missing|"
        r"disappoint(?:ed|ing|ment)|still waiting|stopped working|(?:does not|doesn't|doesnt|didn't|not) work(?:ing)?|"
        r"warranty|returned|returning|return (?:it|them|this|these|the|my|label|slip)|want to return|to return|wrong|"
        r"unhappy|scratched|dented|unacceptable|problem|(?:have|has|was|were) (?:been )?(?:received|delivered)|"
        r"received (?:the|my|a|only)|overcharged|charged (?:me|us|twice)"
    ),
    Doubt.CANCELLING: (
        r"cancel\w{0,12}|call(?:ing)? off|withdraw(?:al|ing)?|revoke|void|stop (?:the|my|this|that) order|"
        r"undo (?:the|my|this) order"
    ),
    Doubt.NEGATION: (
        r"not|never|neither|nor|no longer|cannot|\w{2,7}n't|dont|doesnt|didnt|cant|wont|isnt|arent|shouldnt|wouldnt|"
        r"havent|no (?:thanks|thank you|way|more)|nope|nah"
    ),
    Doubt.QUESTION: (
        r"how (?:much|many|long|soon|do|does|can|is|are)|what (?:is|are|does|do|about|would)|what's|when (?:will|does|"
        r"do|is|can)|where (?:is|are|do)|where's|do you (?:have|also|still|ship|sell|take|offer)|is (?:it|this|"
        r"there)\b(?= .{0,80}(?:available|in stock|possible))|can i|could i|may i|wondering|question|"
        r"let me know (?:if|when|whether|how|what)|whether"
    ),
    Doubt.CONDITION: (
        rf"if|unless|provided|providing|assuming|otherwise|as long as|only when|in case|depend(?:s|ing)?|subject to|"
        rf"until|till|(?:by|before|no later than|later than|within|latest) (?:{DAY})|when (?:it's|it is|they're|"
        rf"they are|back) |once (?:it|they|you|i|we)|deadline|every (?:week|month|day|year|other)|weekly|monthly|"
        rf"subscription|recurring|standing order|per (?:week|month)"
    ),
    Doubt.CORRECTION: (
        r"instead|rather|make (?:that|it|this|them)|chang(?:e|es|ed|ing)|correction|corrected|scratch|forget|ignore|"
        r"disregard|remove|delete|drop|skip|swap|replace|exchange|except|but|actually|oops|ooops|mistakes?|"
        r"never ?mind|hold (?:off|on|it|my|the)|wait|second thoughts?|amend\w{0,4}|modif\w{1,5}|updated?|revis(?:e|ed|"
        r"ion)|leave out|take off|keep|postpone|delay|already (?:ordered|bought|have|got|sent)|ordered (?:this|these|"
        r"it|them)|duplicate|test|testing|example|for example|draft|same (?:again|as)"
    ),
}
ADDITIONS = re.compile(
    r"(?<!\w)(?:also|another|additional(?:ly)?|in addition|plus|add(?:ing)?|extra|more|fewer|less|twice|double|half|"
    r"only|just (?:the|one|two)|and (?:a|an|one|some|the)|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|"
    r"couple|pair|few|of each|each|both|as well|too|\d+ (?:of|x|more|pieces|pcs)|x ?\d+)(?!\w)"
)
ELSEWHERE = re.compile(
    r"(?<!\w)(?:(?:ship|send|deliver|mail|post|forward)(?:ed)? (?:\w+ ){0,4}to (?!me\b|us\b|the following|order\b)|"
    r"(?:new|other|different|another|work|office|home|second|billing) address|moved|address (?:is|has)|c/o)"
)
KNOWN_PLACE = re.compile(r"usual|same|above|below|last time|on file|as before|previous address")
DOUBTFUL = re.compile(rf"(?<![\w-])(?:{'|'.join(PATTERNS.values())})(?![\w])|\?")
"""All of them and the mark of a question: most prose holds none, which is seen at one look."""
COMPILED = {doubt: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])") for doubt, pattern in PATTERNS.items()}

# Phrases that sound like doubt and are manners.
MANNERS = re.compile(
    r"(?:in case the (?:driver|courier|postman|carrier|delivery \w+)[^.!?]{0,60}|"
    r"let me know when (?:it|they|this|these|the (?:order|parcel|goods|items)) (?:is |are |has |have |will )?"
    r"(?:been |be )?(?:ships?|shipped|sent|dispatched|leaves?|goes? out|on (?:its|their|the) way|arrives?)(?!\w)|"
    r",? if (?:at all )?(?:possible|you (?:can|could|would|will|please)|that(?:'s| is) (?:ok|okay|all ?right|fine)|"
    r"convenient)|(?:if|in case) (?:you have|you've|there (?:is|are)|of|you need) (?:any |a |some |"
    r"more )?(?:further )?(?:questions?|problems?|issues?|information|info|details)[^.!?]{0,80}|not urgent|no (?:rush|"
    r"hurry|worries|problem)|why not|can(?:'t|not| not) wait(?: to \w+)?|looking forward(?: to)?[^.!?]{0,60}|"
    r"once again|thanks again|thank you again|order again|please do not hesitate[^.!?]{0,60}|"
    r"don't hesitate[^.!?]{0,60}|how are you(?: doing| today)?\s{0,2}\??|hope (?:you are|you're|all is|this finds you|"
    r"everything is) (?:well|good|fine)?|as (?:always|usual|ever)|last (?:order|time|one)s? (?:was|were|"
    r"arrived) (?:great|fine|perfect|lovely|well|wonderful)[^.!?]{0,40})"
)
POLITE_REQUEST = re.compile(
    r"(?:hi|hello|dear \w+)?[, ]{0,3}(?:please )?(?:can|could|may|might|would|will) (?:i|we|you) (?:please |kindly |"
    r"possibly )?(?:order|send|get|have|ship|buy|take|place|book|reserve|process|deliver|provide)(?: me| us|"
    r" an order(?: for)?)?(?: (?:all )?(?:the following|these|this|those|the below|below|them)(?: order| items?|"
    r" products?| things?| articles?| list)?)?(?: (?:for|to) (?:me|us))?(?:,? (?:please|thanks|"
    r"thank you))?[ ?.:!]{0,4}"
)


LONGEST = 5_000
"""A line longer than this is not judged, so nothing is done on its account."""


def doubt_in(text: str, additions: bool = True) -> Doubt | None:
    """The gravest doubt that a piece of prose raises about doing what the rest of the letter says, or None.

    `additions` also stops at words that add to an order or take from it; before a list they are only its announcement.
    """
    if len(text) > LONGEST:
        return Doubt.CORRECTION
    doubts = (doubt_in_sentence(words, additions) for words in SENTENCE_END.split(plain(text)))
    return gravest([doubt for doubt in doubts if doubt is not None])


SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


# The same sentence is judged as prose, as goods, as a heading and as courtesy.
@lru_cache(maxsize=256)
def doubt_in_sentence(words: str, additions: bool) -> Doubt | None:
    if POLITE_REQUEST.fullmatch(words):
        return None
    words = MANNERS.sub(" ", words).strip()
    if DOUBTFUL.search(words):
        return next(doubt for doubt in COMPILED if is_said(doubt, words))
    if words.startswith(("no ", "no,")) or words in ("no", "no."):
        return Doubt.NEGATION
    if additions and ADDITIONS.search(words):
        return Doubt.CORRECTION
    if ELSEWHERE.search(words) and not KNOWN_PLACE.search(words):
        return Doubt.ELSEWHERE
    return None


def is_said(doubt: Doubt, words: str) -> bool:
    return COMPILED[doubt].search(words) is not None or (doubt is Doubt.QUESTION and "?" in words)


GRAVITY = list(Doubt)


def gravest(doubts: list[Doubt]) -> Doubt | None:
    return min(doubts, key=GRAVITY.index, default=None)


def reason_for_person(doubt: Doubt | None) -> str:
    """Why a person reads the letter: a complaint, a doubt about what it orders us to do, or plain prose."""
    if doubt is Doubt.COMPLAINT:
        return "complaint"
    return "doubt" if doubt in (Doubt.CANCELLING, Doubt.NEGATION, Doubt.CORRECTION) else "prose"
