"""What people type for each command: the vocabulary of `commands`, in lower case and without politeness around it.

A pattern is matched against a whole sentence of at most `commands.LONGEST` characters, which bounds its backtracking.
"""

import re

from daemon.request.shapes import AskKind


def one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def phrases(text: str) -> tuple[str, ...]:
    """A list of phrases, parted by bars."""
    return tuple(text.split("|"))


PREFIXES = phrases(
    "hi|hello|hey|dear shop|dear sir|dear madam|dear team|dear all|good morning|good afternoon|good evening|good day|"
    "please|pls|plz|kindly|could you|can you|would you|will you|i would like you to|i'd like you to|i want you to|"
    "i need you to|i would like to|i'd like to|i would like|i'd like|i want to|i wish to|i want|i need to|i need|i am|"
    "i'm|we would like to|we'd like to|we want to|may i have|may i see|can i have|can i see|could i have|could i see|"
    "can i get|could i get|let me see|just|now|ok|so|to|a|an|the|command:|request:|subject:"
)
SUFFIXES = phrases(
    "please|pls|plz|thanks|thank you|thx|thanks in advance|asap|as soon as possible|now|today|immediately|for me|to me|"
    "sir|madam|cheers|best|regards|urgent|urgently|right away|at once"
)

ORDER = one_of(
    r"(?:(?:my (?:new|next)|new|next|another|first|place|make|submit|purchase|put in|web|online|mail|email|"
    r"christmas) )*(?:an? |my new |new |the |this )*(?:order|ordr|oder|odrer|ordre|oredr|orrder|orderr|purchase|po|"
    r"bestellung|commande|pedido|ordine|beställning|bestelling)(?: form| request| from me| enclosed| attached| below|"
    r" list)?"
)
QUOTE = one_of(
    r"(?:price |get |send me |request (?:for )?|my )*(?:an? )?"
    r"(?:quote|quotation|qoute|quot|estimate|price quote|rfq|offer request)(?: request| for)?"
)
YES = one_of(
    r"(?:yes|yep|yeah|yup|sure|ok|okay|confirm|confirmed|i confirm|go ahead|do it|agreed|y|correct|right|absolutely|"
    r"of course|definitely)"
    r"(?:[ ,.!]{1,3}(?:yes|please|i do|i am sure|i'm sure|go ahead|do it|order (?:it )?again|order (?:it|them)|again|"
    r"that's right|that is right|correct|confirmed?|sure|book it|send it|i want it|i would|it is|"
    r"place (?:it|the order|my order)|twice|both|i want both))*"
)
STATUS = one_of(
    r"(?:what(?:'s| is) the |check |show |get |order |my |the |shipping |delivery )*status(?: (?:of|for|on))?"
    r"(?: (?:my|the|order|number|no|update))*",
    r"(?:where(?:'s| is| are)|when (?:will|does|do)|has|have|did|is|are) (?:(?:is|my|the|our|this) )*"
    r"(?:order|package|parcel|delivery|shipment|orders|stuff|things)(?: number)?"
    r"(?: (?:be|been|get|come|arrive|arriving|ship|shipped|sent|delivered|now|already|yet|on its way|here|coming|"
    r"dispatched))*",
    r"track(?:ing)?(?: (?:my|the|order|package|parcel|number|info|information))*",
    r"order status",
    r"any news (?:on|about|of) my order",
)

LISTS = r"(?:your|the|this|all|these) (?:mailing )?(?:list|lists|newsletter|e?-?mails?|offers|mails)"
MAILS = r"(?:e?-?mails?|offers|advertising|ads|newsletters?|spam|mail|messages|marketing|promotions)"
MY_DATA = r"(?:all )?(?:of )?my (?:personal )?data"

ASKS: tuple[tuple[AskKind, re.Pattern[str]], ...] = (
    (
        AskKind.MY_ORDERS,
        one_of(
            r"(?:show(?: me)? |list |see |send me |view |get |what (?:are|were) |give me )?(?:all )?(?:of )?(?:my|"
            r"our) (?:past |previous |old |recent |earlier |last |open |current )?(?:orders|order history|purchases|"
            r"purchase history)",
            r"(?:what|which(?: products| items)?) (?:have|did) (?:i|we) (?:ordered?|bought|buy|purchased?)"
            r"(?: so far| before| already| from you| in the past)?",
            r"(?:order|purchase) history|orders|past orders|my order list|(?:show )?my history",
        ),
    ),
    (
        AskKind.STOP,
        one_of(
            r"stop|sotp|stpo|stop all|opt[- ]?out|un-?subscribe(?: me)?|unsubscrib|unsuscribe|unsubcribe",
            rf"(?:remove me|take me off|(?:un-?subscribe(?: me)?))(?: from)? {LISTS}",
            r"remove me",
            rf"(?:stop|quit) (?:sending|mailing|emailing)(?: me)?"
            rf"(?: (?:any ?more |more |these |your |all |any |such )*{MAILS})?",
            rf"(?:no more|stop (?:the|these|your|all)) {MAILS}",
        ),
    ),
    (
        AskKind.START,
        one_of(
            r"start|strat|start again|(?:re-?)?subscribe(?: me)?(?: again)?|opt[- ]?in|sign me up",
            r"start (?:sending|mailing) (?:me )?(?:offers|e?-?mails|again)",
        ),
    ),
    (
        AskKind.HELP,
        one_of(
            r"help|hlep|halp|help me|info|information|commands|instructions|usage|faq",
            r"how (?:do|can|does|to) (?:i |we |this |it )?(?:order|work|buy|place an order|order something)"
            r"(?: (?:by|via|per|with) e?-?mail)?",
            r"what can (?:i|you) do",
        ),
    ),
    (
        AskKind.EXPORT,
        one_of(
            rf"(?:export|download|send me|send|show me|give me|get|request)(?: me)? {MY_DATA}",
            r"(?:my )?data (?:export|request|access request)|gdpr (?:export|access|request)|export",
            r"(?:subject|data) access request|what data do you (?:have|hold|store|keep)(?: (?:about|on) me)?",
        ),
    ),
    (
        AskKind.ERASE,
        one_of(
            rf"(?:erase|delete|remove|destroy|wipe) {MY_DATA}",
            r"erase|erase me|delete me|forget me|right to be forgotten|gdpr (?:erasure|delete|deletion)",
            r"(?:delete|erase) everything (?:you (?:have|know) )?about me|data (?:erasure|deletion)",
        ),
    ),
)

UNDER = one_of(
    r"(?:show(?: me)? |list |see |send me |get |find |have you |do you have |what |which |are there |is there |all |"
    r"any |some |me |your |the )*(?:products?|items?|things?|articles?|stuff|something|anything|gifts?|presents?|"
    r"everything|costs|is|are|do you have|have you)?(?: (?:do you have|that|which|costs?|costing|priced|for sale|are|"
    r"is|you have|can i (?:get|buy)|available))* ?(?:under|below|less than|cheaper than|up to|lower than|max(?:imum)?|"
    r"at most|no more than|not more than|beneath|<=?)\s*"
)
CATALOG = one_of(
    r"(?:show(?: me)? |send(?: me)? |see |get |view |have |your |the |full |complete |current |product |price |whole |"
    r"latest )*(?:catalog|catalogue|catalouge|catalgo|catelog|katalog|product list|price ?list|list of products|"
    r"products|product catalog(?:ue)?|assortment)(?: (?:for |of |on |with |about )?(?!under|below|less|cheap|up to|"
    r"over|above)(?P<word>[^\W_][\w &'-]{0,40}))?",
    r"what do you (?:sell|have|offer)",
)
RECOMMEND = one_of(
    r"(?:recommend(?:ations?|ation)?|recomend|reccomend|recommand|suggest(?:ions?)?|"
    r"what (?:do|would|can) you (?:recommend|suggest)|inspire me|surprise me)"
    r"(?: (?:me|us|something|anything|some|products?|things?|items?|what goes))*"
    r"(?: (?:for|with|to go with|like|similar to|based on))?(?: (?P<word>[^\W_][\w -]{0,60}))?"
)

TRIGGER = one_of(
    r"order|ordr|oder|odrer|oredr|commande|pedido|ordine|best(?:ä|e)ll|purchase|\bpo\b|quot|qoute|rfq|estimate",
    r"can[cs]?[ea]l|cancle|storn|annul|status|track|where|when|histor|what|which|under|below|less|cheap|up to|"
    r"lower|max",
    r"at most|more than|beneath|<|catal|catel|katalog|assortment|list|products|recom|reccom|suggest|inspire|surprise",
    r"help|hlep|halp|info|command|instruct|how|usage|faq|stop|sotp|stpo|quit|subs|suscr|subcr|remove|opt|"
    r"no more|take me",
    r"start|strat|sign me|data|gdpr|export|erase|erasure|delete|forget|forgotten|bought|yes|yep|yeah|yup|sure|"
    r"ok|confirm",
    r"go ahead|do it|agreed|^\W*y\W*$|correct|right|absolutely|of course|definitely|has |have |did |is |are |news",
)
"""A word of every phrase: a sentence without any of them is no command, which is quickly seen."""
