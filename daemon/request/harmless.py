"""What people write beside an order that nobody has to read: known word for word, or by its form."""

import re
from functools import lru_cache

from daemon.request.address import looks_like_address
from daemon.request.against import PHONE, counts
from daemon.request.announcing import announces
from daemon.request.commands import LONGEST, sentences
from daemon.request.courtesy import holds_courtesies, is_courtesy
from daemon.request.items import is_heading
from daemon.request.manners import is_name
from daemon.request.spelling import WORD, plain, words
from daemon.request.tokens import tokens_of

MONTH = r"(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-zä]{0,6}\.?|may|mai)"
THEM = r"(?:it|them|this|these|those|everything|all|all of it|all of them|the (?:order|parcel|package|items|goods|lot))"
HARMLESS = re.compile(
    r"(?:please |kindly |pls )?(?:"
    rf"(?:send|ship|deliver|post|mail|dispatch) {THEM}(?: all)?(?: (?:together|soon|quickly|as soon as "
    rf"(?:possible|you "
    r"can)|asap|when you can|at your (?:earliest )?convenience))?(?:,? to (?:me|us|(?:my|our|the) (?:usual|same|"
    r"last|home|"
    r"old|known|regular|above) address|the (?:same |usual )?address (?:above|below|as (?:before|always|usual|"
    r"last time))|"
    r"the usual place))?(?: as (?:always|usual|before))?(?: (?:soon|quickly|asap|as soon as (?:possible|you can)))?"
    r"|(?:same|usual) address(?: as (?:before|always|usual|last time|ever))?|(?:my|our|the) address (?:is "
    r"(?:the same|"
    r"unchanged|below|above)|has not changed|as (?:before|always|usual))"
    r"|(?:the |my |our )?(?:items?|list|order|orders|order list|sheet|file|csv|spreadsheet|excel(?: file| sheet)?|"
    r"products?|details)(?: (?:is|are))? (?:attached|enclosed|below|above|in the attach(?:ment|ed (?:file|sheet))|"
    r"as follows)"
    r"|(?:(?:please )?(?:find|see)|here(?: is|'s| are)?|attached(?: is| are| you find| please find)?|"
    r"enclosed(?: is| are)?)"
    r" (?:attached |enclosed )?(?:please )?(?:is |are )?(?:my|our|the|an?)(?: new| next)? (?:order|list|items?|"
    r"products?|"
    r"sheet|file|csv|spreadsheet|order form|order list)(?: (?:attached|enclosed|below|above|as (?:an? "
    r")?attachment|in the "
    r"attachment))?|see (?:attached|attachment|below|above|the attach(?:ment|ed (?:file|sheet|list)))"
    r"|(?:confirm|acknowledge)(?: (?:receipt|the order|my order|this|it|by (?:mail|e-?mail)))*|(?:can|could|"
    r"would|will) you "
    r"(?:please )?(?:confirm|acknowledge)(?: (?:receipt|the order|my order|this|it|by (?:mail|e-?mail)))*"
    r"|(?:i|we)(?: will|'ll)? look forward to (?:it|them|the parcel|the delivery|receiving (?:it|them))"
    r"|(?:if|in case|should) (?:you|there) (?:have|are|is|be)? ?(?:any )?(?:questions?|problems?|queries|"
    r"issues?)[^.!?]{0,60}"
    r"|(?:please )?(?:call|ring|reach|phone|text|contact|write(?: to)?|mail) (?:me|us)(?: back)?(?: (?:any "
    r"?time|at|on|"
    r"under|with (?:any )?questions|if (?:you have |there are )?(?:any )?questions|my (?:mobile|cell|phone)|"
    r"this number))*"
    r"|(?:that|this) (?:is|would be|will be) (?:all|it|everything)(?: (?:for (?:now|today|this time)|thanks|"
    r"thank you))?"
    r"|(?:that's|thats) (?:all|it|everything)(?: for (?:now|today|this time))?|nothing else(?: for (?:now|today))?"
    r"|order ends?|end of (?:order|list|message)|p\.?s\.?|n/?a|none|urgent|important"
    r"|(?:my|our|the)? ?(?:customer|account|client|member|membership|phone|telephone|tel|mobile|cell|fax|po|"
    r"purchase order)"
    r"(?: (?:number|no|nr|id))?[.:#]?(?: is)? ?[\w/-]{0,20}\d[\w/-]{0,20}"
    r"|(?:my |our )?(?:order|list|letter|mail)(?: of| dated| from)? \d{1,2}[. /-]{1,2}(?:\d{1,2}|[a-z]{3,9})[. "
    r"/-]{0,2}\d{0,4}"
    r"|(?:this|it) (?:is|was) (?:my|our) (?:very )?(?:first|second|third|1st|2nd|3rd) (?:order|time|letter|mail)"
    r"(?: (?:with|from|at|to|here)(?: you| your shop| this shop)?)?"
    r"|\d{1,2} (?:attachments?|files? attached|attached files?)"
    r"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}(?:st|nd|rd|th)?\.? ?"
    + MONTH
    + "|"
    + MONTH
    + r" \d{1,2}(?:st|nd|rd|th)?|\d{1,2}[./-]\d{1,2}|\d{4}-\d\d-\d\d)[.,/-]? ?(?:\d{4}|\d\d)?"
    r"|bitte (?:um )?(?:bestätigung|bestätigen(?: sie)?)|an die (?:übliche|bekannte|gleiche) adresse|wie immer"
    r"|à l'adresse habituelle|comme d'habitude|a la dirección habitual|como siempre|al solito indirizzo|come sempre"
    r"|(?:i|we)(?:'ve| have)? (?:also )?(?:attached|enclosed) (?:the|my|our|an?|this) (?:list|order|items?|"
    r"sheet|file|csv|"
    r"spreadsheet)(?: (?:as well|too|also|below|as (?:an? )?(?:csv|excel|sheet|file|table)))*"
    r"|(?:send|e?-?mail|give|i(?:'d| would) appreciate)(?: me| us)?(?: an?| the| your)?(?: quick| short| "
    r"brief)?(?: order)? "
    r"(?:confirmation|acknowledg\w{5,6})(?: (?:by (?:return|e?-?mail)|of (?:this|my|the) order|soon))*"
    r"|(?:confirm|acknowledge)(?: receipt)?(?: of (?:this|my|the) order)?(?: by return)?"
    r"|(?:process|handle|book|place|take|accept) (?:this|my|the)(?: order)?(?: (?:soon|quickly|asap))*|process "
    r"asap|this is urgent"
    r"|(?:i'm |i am |we are )?looking forward to (?:receiving |getting |having )?(?:it|them|these|the \w+)"
    r"|(?:stay safe|much obliged|god bless|ta|xoxo|good ?bye|over and out|you(?:'re| are) the best|(?:very much "
    r")?appreciated)"
    r"|can(?:'t|not| not) wait(?: to (?:see|use|try|get|have|receive) (?:it|them|these))?"
    r"|sorry for the (?:short notice|late (?:order|mail|letter)|hurry|rush|trouble)"
    r"|(?:https?://|www\.)\S{1,80}|[\w.+-]{1,60}@[\w.-]{1,80}"
    r"|ich freue mich(?: (?:schon )?(?:auf|über) (?:die|ihre|eure|das)? ?\w{1,20})?|(?:liefern|senden)? ?bitte "
    r"(?:schnell|bald|"
    r"zügig)(?: (?:liefern|senden|schicken))?|lieferung (?:bitte )?an (?:die )?(?:obige|übliche|gewohnte) adresse"
    r"|je vous remercie(?: (?:beaucoup|d'avance|par avance|pour tout))*|livraison à l'adresse (?:ci-dessus|"
    r"habituelle)"
    r"|(?:espero|quedo a la espera de) su (?:confirmación|respuesta)|un saludo desde \w{1,20}"
    r"|resto in attesa(?: di (?:conferma|risposta|una sua risposta))?|met vriendelijke groet(?:en)?|alvast bedankt|"
    r"(?:muito )?obrigad[oa](?: e um abraço)?"
    r"|sehr geehrte[rs]? [^\d]{1,40}|lieb(?:e|er|es) \w{1,20}|madame|monsieur|madame,? monsieur|mesdames,? messieurs|"
    r"estimad[oa]s? [^\d]{1,30}|(?:gentili?|spett\w{0,6}\.?) [^\d]{1,30}|beste \w{1,20}|geachte [^\d]{1,30}"
    r"|lg|vg|mfg|viele grüße|à bientôt|bis bald|hasta pronto|a presto"
    r")(?:,? (?:please|thanks|thank you|thx|asap))*"
)
AROUND_PHONE = words(
    "contact call phone telephone tel mobile cell fax me my our us at on or and number no is ring reach text by ph t m "
    "c p questions for please any time home work office whatsapp sms thanks thank you regards best kind many cheers"
)
MARKS = " .,!?:;-–—_*~=+#|/'\"()<>"


@lru_cache(maxsize=256)
def is_harmless(sentence: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a sentence beside an order says nothing about it; `names` are those of who writes or gets it."""
    if is_harmless_from_anyone(sentence):
        return True
    return is_name_and_number(plain(sentence).strip(MARKS), names) or announces(sentence, names)


@lru_cache(maxsize=256)
def is_harmless_from_anyone(sentence: str) -> bool:
    """The same of what needs no name to be known."""
    lowered = plain(sentence).strip(MARKS)
    if not any(map(str.isalnum, lowered)) or is_courtesy(sentence) or looks_like_address(sentence):
        return True
    if len(lowered) > LONGEST:
        return False
    if THANKS.fullmatch(lowered) and not counts(lowered):
        return True
    return bool(HARMLESS.fullmatch(lowered)) or is_heading(tokens_of(sentence))


THANKS = re.compile(
    r"(?:and )?(?:so |many |very |again,? )*(?:thanks|thank you|merci|danke|vielen dank|"
    r"(?:muchas )?gracias|grazie)(?!\w).{0,80}"
)
""" "Thank you for your help with this": of what else it may say the doubts are found all the same."""


def is_known(sentence: str) -> bool:
    """Whether a sentence is one of those that we know word for word: what sounds like doubt in it is manners."""
    if len(sentence) > LONGEST:
        return False
    return bool(HARMLESS.fullmatch(plain(sentence).strip(MARKS))) or (
        holds_courtesies(sentence) and not counts(sentence)
    )


def is_name_and_number(lowered: str, names: frozenset[str]) -> bool:
    """A signature: names that are known, or a telephone number with a few words around it."""
    rest, phones = PHONE.subn(" ", lowered)
    said = WORD.findall(rest)
    if not phones:
        return bool(names) and set(said) <= set(names) and not any(map(str.isdigit, rest))
    others = [word for word in said if word not in AROUND_PHONE and word not in names]
    return len(others) <= MOST_NAMES and not any(map(str.isdigit, rest)) and (not others or is_name(" ".join(others)))


MOST_NAMES = 2


def unread(text: str, names: frozenset[str] = frozenset()) -> list[str]:
    """The sentences of a line that are not known to be harmless."""
    said = " ".join(text[:LONGEST_LINE].split())
    return [sentence for sentence in sentences(said) if not is_harmless(sentence, names)]


LONGEST_LINE = 5_000
