"""The commands of the letter language: one sentence or subject to at most one of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.request.money import is_ours, take_prices
from daemon.request.numbers import named_orders
from daemon.request.shapes import AskKind
from daemon.request.spelling import fold, plain, words

LONGEST = 200
"""A command is short; what is longer is prose."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a sentence asks. `kind` is an AskKind's value, or order, quote, cancel, yes."""

    kind: str
    numbers: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
    argument: str = ""
    cents: int | None = None
    foreign: bool = False
    vague: bool = False  # several orders or a certain one are meant and none is named
    line: int | None = None
    text: str = ""


PREFIXES = (
    "hi", "hello", "hey", "dear shop", "dear sir", "dear madam", "dear team", "dear all", "good morning",
    "good afternoon", "good evening", "good day", "please", "pls", "plz", "kindly", "could you", "can you", "would you", "will you",
    "i would like you to", "i'd like you to", "i want you to", "i need you to", "i would like to", "i'd like to", "i would like", "i'd like",
    "i want to", "i wish to", "i want", "i need to", "i need", "i am", "i'm", "we would like to", "we'd like to", "we want to", "may i have", "may i see",
    "can i have", "can i see", "could i have", "could i see", "can i get", "could i get", "let me see", "just", "now", "ok", "so", "to", "a", "an", "the",
    "command:", "request:", "subject:",
)  # fmt: skip
SUFFIXES = (
    "please", "pls", "plz", "thanks", "thank you", "thx", "thanks in advance", "asap", "as soon as possible", "now", "today", "immediately",
    "for me", "to me", "sir", "madam", "cheers", "best", "regards", "urgent", "urgently", "right away", "at once",
)  # fmt: skip
EDGES = " \t,.;:!?-_*\"'()[]<>"


def bare(text: str) -> str:
    """Without the politeness around it."""
    for _ in range(8):
        before = text
        text = text.strip(EDGES)
        for prefix in PREFIXES if text.startswith(PREFIXES) else ():
            if (
                text.startswith(prefix)
                and not text[len(prefix) : len(prefix) + 1].isalnum()
                and text[len(prefix) :][:1] != "'"
            ):
                text = text[len(prefix) :].strip(EDGES)
        for suffix in SUFFIXES if text.endswith(SUFFIXES) else ():
            if text.endswith(suffix) and not text[: -len(suffix)][-1:].isalnum():
                text = text[: -len(suffix)].strip(EDGES)
        if text == before:
            break
    return text


ORDER = re.compile(
    r"(?:(?:my (?:new|next)|new|next|another|first|place|make|submit|purchase|put in|web|online|mail|email|christmas) )*(?:an? |my new |new |the |this )*(?:order|ordr|oder|odrer|ordre|oredr|orrder|orderr|"
    r"purchase|po|bestellung|commande|pedido|ordine|beställning|bestelling)(?: form| request| from me| enclosed| attached| below| list)?"
)
QUOTE = re.compile(
    r"(?:price |get |send me |request (?:for )?|my )*(?:an? )?(?:quote|quotation|qoute|quot|estimate|price quote|rfq|offer request)(?: request| for)?"
)
ASKS: tuple[tuple[AskKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (AskKind.MY_ORDERS, r"(?:show(?: me)? |list |see |send me |view |get |what (?:are|were) |give me )?(?:all )?(?:of )?(?:my|our) (?:past |previous |old |recent |earlier |last |open |current )?(?:orders|order history|purchases|purchase history)"
            r"|(?:what|which(?: products| items)?) (?:have|did) (?:i|we) (?:ordered?|bought|buy|purchased?)(?: so far| before| already| from you| in the past)?|(?:order|purchase) history|orders|past orders|my order list|(?:show )?my history"),
        (AskKind.STOP, r"stop|sotp|stpo|un-?subscribe(?: me)?|unsubscrib|unsuscribe|unsubcribe|remove me(?: from (?:your|the|this) (?:mailing )?(?:list|lists|emails))?|opt[- ]?out|stop all|"
            r"(?:stop|quit) (?:sending|mailing|emailing)(?: me)?(?: (?:any ?more |more |these |your |all |any |such )*(?:e?-?mails?|offers|advertising|ads|newsletters?|spam|mail|messages|marketing|promotions))?|"
            r"(?:no more|stop (?:the|these|your|all)) (?:e?-?mails?|offers|newsletters?|advertising|ads|spam|messages|marketing|promotions)|take me off (?:your|the|this) (?:mailing )?list|unsubscribe (?:me )?from (?:your|the|this|all|these) (?:mailing )?(?:list|lists|newsletter|e?-?mails?|offers|mails)"),
        (AskKind.START, r"start|strat|(?:re-?)?subscribe(?: me)?(?: again)?|opt[- ]?in|start (?:sending|mailing) (?:me )?(?:offers|e?-?mails|again)|sign me up|start again"),
        (AskKind.HELP, r"help|hlep|halp|help me|info|information|commands|instructions|how (?:do|can|does|to) (?:i |we |this |it )?(?:order|work|buy|place an order|order something)(?: (?:by|via|per|with) e?-?mail)?|what can (?:i|you) do|how does (?:it|this) work|usage|faq"),
        (AskKind.EXPORT, r"(?:export|download|send me|send|show me|give me|get|request)(?: me)? (?:all )?(?:of )?my (?:personal )?data|(?:my )?data (?:export|request|access request)|gdpr (?:export|access|request)|export|(?:subject|data) access request|what data do you (?:have|hold|store|keep)(?: (?:about|on) me)?"),
        (AskKind.ERASE, r"(?:erase|delete|remove|destroy|wipe) (?:all )?(?:of )?my (?:personal )?data|erase|erase me|delete me|forget me|right to be forgotten|gdpr (?:erasure|delete|deletion)|(?:delete|erase) everything (?:you (?:have|know) )?about me|data (?:erasure|deletion)"),
    )
)  # fmt: skip
UNDER = re.compile(
    r"(?:show(?: me)? |list |see |send me |get |find |have you |do you have |what |which |are there |is there |all |any |some |me |your |the )*"
    r"(?:products?|items?|things?|articles?|stuff|something|anything|gifts?|presents?|everything|costs|is|are|do you have|have you)?"
    r"(?: (?:do you have|that|which|costs?|costing|priced|for sale|are|is|you have|can i (?:get|buy)|available))*"
    r" ?(?:under|below|less than|cheaper than|up to|lower than|max(?:imum)?|at most|no more than|not more than|beneath|<=?)\s*"
)
CATALOG = re.compile(
    r"(?:show(?: me)? |send(?: me)? |see |get |view |have |your |the |full |complete |current |product |price |whole |latest )*"
    r"(?:catalog|catalogue|catalouge|catalgo|catelog|katalog|product list|price ?list|list of products|products|product catalog(?:ue)?|assortment)"
    r"(?: (?:for |of |on |with |about )?(?P<word>[^\W_][\w &'-]{0,40}))?|what do you (?:sell|have|offer)"
)
RECOMMEND = re.compile(
    r"(?:recommend(?:ations?|ation)?|recomend|reccomend|recommand|suggest(?:ions?)?|what (?:do|would|can) you (?:recommend|suggest)|inspire me|surprise me)"
    r"(?: (?:me|us|something|anything|some|products?|things?|items?|what goes))*(?: (?:for|with|to go with|like|similar to|based on))?(?: (?P<word>[^\W_][\w -]{0,60}))?"
)
STATUS = re.compile(
    r"(?:(?:what(?:'s| is) the |check |show |get |order |my |the |shipping |delivery )*status(?: (?:of|for|on))?(?: (?:my|the|order|number|no|update))*"
    r"|(?:where(?:'s| is| are)|when (?:will|does|do)|has|have|did|is|are) (?:(?:is|my|the|our|this) )*(?:order|package|parcel|delivery|shipment|orders|stuff|things)(?: number)?"
    r"(?: (?:be|been|get|come|arrive|arriving|ship|shipped|sent|delivered|now|already|yet|on its way|here|coming|dispatched))*"
    r"|track(?:ing)?(?: (?:my|the|order|package|parcel|number|info|information))*|order status|any news (?:on|about|of) my order)"
)
YES = re.compile(
    r"(?:yes|yep|yeah|yup|sure|ok|okay|confirm|confirmed|i confirm|go ahead|do it|agreed|y|correct|right|absolutely|of course|definitely)"
    r"(?:[ ,.!]{1,3}(?:yes|please|i do|i am sure|i'm sure|go ahead|do it|order (?:it )?again|order (?:it|them)|again|that's right|that is right|correct|confirmed?|sure|"
    r"book it|send it|i want it|i would|it is|place (?:it|the order|my order)|twice|both|i want both))*"
)


# Cancelling is the one command that must never be read out of doubt: every word of the sentence has to be known.

VERBS = words("cancel cancle cancell cancal cansel canel cancellation cancelation storno stornieren annuler")
PARTICIPLES = frozenset({"cancelled", "canceled"})
WISHES = words("want like need please should must wish")
AROUND_CANCEL = words(
    "please pls plz kindly hi hello hey dear shop sir madam team all thanks thank you thx i we i'd we'd would like want need wish hereby have to "
    "the my our this that it them these those order orders number numbers nr id of for request whole entire complete entirely completely wholly "
    "full purchase and as well also both asap now immediately today urgent urgently right away regards best be should must "
    "can could will a an in its entirety following everything soon possible at once & + from made placed subject"
)
LAST_ONE = words(
    "last latest previous first recent yesterday's today's yesterday old new newest second other all both everything orders"
)
TIMES_OF = words(
    "last latest recent recently previous first placed today today's yesterday yesterday's made earlier just from of sent this morning afternoon evening week on sunday monday tuesday wednesday thursday friday saturday second newest"
)
NUMBER_WORD = re.compile(r"(?<!\w)(?:no|nos|nr|num|number|numbers|#)[.:]? ?(?=#?mo\b|\d)")
WORD = re.compile(r"[^\s,.;:!?()\[\]\"#<>*_]+")
YOU = re.compile(r"(?:please )?(?:could|would|can|will) you")


def cancel_in(text: str) -> Command | None:
    """The cancellation that a sentence is, if every one of its words belongs to one; None for everything else."""
    asked = bool(YOU.search(text))
    if "?" in text and not (asked and "please" in text):
        return None
    named = named_orders(NUMBER_WORD.sub(" ", text))
    words = [word for word in (found.strip("'-") for found in WORD.findall(named.rest.lower())) if word]
    odd = tuple(word for word in words if any(map(str.isdigit, word)))
    known = VERBS | PARTICIPLES | AROUND_CANCEL | TIMES_OF | LAST_ONE | set(odd)
    if not says_cancel(words, asked) or not known.issuperset(words) or (odd and named.numbers):
        return None
    loose = any(word in LAST_ONE or word not in AROUND_CANCEL | VERBS | PARTICIPLES for word in words)
    vague = loose and not named.numbers and not odd
    return Command("cancel", named.numbers, (*named.malformed, *odd), vague=vague)


def says_cancel(words: Sequence[str], asked: bool) -> bool:
    """One verb, said as a wish: "is cancelled" tells, "can I cancel" asks, "cancel the cancellation" is the opposite."""
    verbs = [word for word in words if word in VERBS or word in PARTICIPLES]
    if len(verbs) != 1 or (not asked and not {"can", "could", "will"}.isdisjoint(words)):
        return False
    if verbs[0] in PARTICIPLES:
        return "have" not in words and not WISHES.isdisjoint(words)
    return "should" not in words


CANCELS = re.compile(r"can[cs]?[ea]l|cancle|storn|annul")
TRIGGER = re.compile(
    r"order|ordr|oder|odrer|oredr|commande|pedido|ordine|best(?:ä|e)ll|purchase|\bpo\b|quot|qoute|rfq|estimate|can[cs]?[ea]l|cancle|storn|annul|status|track|where|when|histor|what|which|"
    r"under|below|less|cheap|up to|lower|max|at most|more than|<|catal|catel|katalog|assortment|list|products|recom|reccom|suggest|inspire|surprise|"
    r"help|hlep|halp|info|command|instruct|how|usage|faq|stop|sotp|stpo|quit|subs|suscr|remove|opt|no more|take me|start|strat|sign me|"
    r"data|gdpr|export|erase|erasure|delete|forget|forgotten|bought|yes|yep|yeah|yup|sure|ok|confirm|go ahead|do it|agreed|^y$|correct|right|absolutely|of course|definitely|has |have |did |news"
)


def read_command(text: str, currency: str = "USD") -> Command | None:
    """The command that a whole line, sentence or subject is, or None."""
    if len(text) > LONGEST:
        return None
    words = plain(text)
    if not TRIGGER.search(words):
        return None
    found = (cancel_in(words) if CANCELS.search(words) else None) or ask_in(words, currency)
    return replace(found, text=text.strip()) if found else None


def ask_in(words: str, currency: str) -> Command | None:
    named = named_orders(words)
    core = bare(" ".join(named.rest.split()))
    if named.numbers or named.malformed:
        return about_order(core, named.numbers, named.malformed)
    if ORDER.fullmatch(core):
        return Command("order")
    if QUOTE.fullmatch(core):
        return Command("quote")
    if YES.fullmatch(core):
        return Command("yes")
    for kind, pattern in ASKS:
        if pattern.fullmatch(core):
            return Command(kind.value)
    return under_in(core, currency) or worded(core)


def about_order(core: str, numbers: tuple[str, ...], malformed: tuple[str, ...]) -> Command | None:
    if STATUS.fullmatch(core):
        return Command(AskKind.STATUS, numbers, malformed)
    if YES.fullmatch(core):
        return Command("yes", numbers, malformed)
    return None


def under_in(core: str, currency: str) -> Command | None:
    found = UNDER.match(core)
    if found is None:
        return None
    rest = core[found.end() :].strip(EDGES)
    left, prices = take_prices(rest if not rest[:1].isdigit() else f"{rest}")
    if len(prices) == 1 and not left.strip(EDGES):
        price = prices[0]
        return Command(AskKind.PRODUCTS_UNDER, cents=price.cents, foreign=not is_ours(price.currency, currency))
    _, prices = take_prices(f"@{rest}") if re.fullmatch(r"\d{1,7}(?:[.,]\d{1,3})*", rest) else ("", ())
    return Command(AskKind.PRODUCTS_UNDER, cents=prices[0].cents) if prices else None


def worded(core: str) -> Command | None:
    """Questions with a word of the customer's in them."""
    if STATUS.fullmatch(core):
        return Command(AskKind.STATUS)
    if found := CATALOG.fullmatch(core):
        return Command(AskKind.CATALOG, argument=(found["word"] or "").strip())
    if found := RECOMMEND.fullmatch(core):
        return Command(AskKind.RECOMMEND, argument=(found["word"] or "").strip().upper())
    return None


SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a line, cut where a mark is followed by a blank."""
    folded = fold(text)
    return (sentence for sentence in SENTENCE_END.split(folded) if any(map(str.isalnum, sentence)))
