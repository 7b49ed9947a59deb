"""What people type for each command: the vocabulary of `commands`, in lower case and without politeness around it.

A pattern is matched against a whole sentence of at most `commands.LONGEST` characters, which bounds its backtracking.
"""

import re

from daemon.request.shapes import AskKind
from daemon.request.spelling import words


def one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def phrases(text: str) -> tuple[str, ...]:
    """A list of phrases, parted by bars."""
    return tuple(text.split("|"))


PREFIXES = phrases(
    "hi|hello|hey|dear shop|dear sir|dear madam|dear team|dear all|good morning|good afternoon|good evening|good day|"
    "gimme|please|pls|plz|kindly|could you|can you|would you|will you|i would like you to|i'd like you to|"
    "i want you to|i need you to|i would like to|i'd like to|i would like|i'd like|i want to|i wish to|i want|"
    "i need to|i need|i am|i'm|we would like to|we'd like to|we want to|may i have|may i see|can i have|can i see|"
    "could i have|could i see|can i get|could i get|let me see|just|now|ok|okay|so|to|a|an|the|command:|request:|"
    "subject:|bitte|guten tag|könnten sie|ich möchte|zeigen sie mir|zeig mir|bonjour|je voudrais|voir|s'il vous plaît|"
    "hola|por favor|quiero ver"
)
SUFFIXES = phrases(
    "please|pls|plz|thanks|thank you|thx|thanks in advance|asap|as soon as possible|now|today|immediately|for me|"
    "to me|sir|madam|cheers|best|regards|urgent|urgently|right away|at once|bitte|danke|zeigen|merci|s'il vous plaît|"
    "gracias|por favor"
)

ORDER = one_of(
    r"(?:(?:my (?:new|next)|new|next|another|first|place|make|submit|purchase|put in|web|online|mail|email|"
    r"christmas) )*(?:an? |my new |new |the |this )*(?:order|ordr|oder|odrer|ordre|oredr|orrder|orderr|purchase|po|"
    r"bestellung|commande|pedido|ordine|beställning|bestelling)(?: form| request| from me| enclosed| attached| below|"
    r" list)?"
)
QUOTE = one_of(
    r"(?:price |get |send me |request (?:for )?|my )*(?:an? )?(?:quote|quotation|qoute|quot|qutoe|estimate|price "
    r"quote|rfq|offer request|prices?)(?: request| for| of)?(?: (?:the following|these|this|these items|this order|"
    r"the items below))?",
    r"(?:how much (?:would|does|do|will|is|are|for)|what (?:would|does|do|will)(?= .{0,40}(?:cost|come to|in total)))"
    r"(?: (?:it|this|that|these|those|they|the following|all of this|all this|everything|the order|this order|all))?"
    r"(?: (?:be|cost|come to))*(?: in total| altogether| all together)?",
)
CHANGE = one_of(
    r"(?:change|chnage|chagne|cahnge|changing|a change (?:to|of|for)|amend|modify|edit)"
    r"(?: (?:my|the|this|our|that|it|order|items|number|no|to|as follows|into|please))*",
    r"(?:make it|it should be)(?: (?:so|as follows|the following|this|like this))+",
    r"(?:replace|update|revise)(?: (?:my|the|this|our|that))* order(?: (?:number|no|to|with|by|as follows|into))*",
    r"order change|change of order",
)
CHANGE_BY_NUMBER = one_of(r"(?:replace|update|revise)(?: (?:with|by|to|as follows|into))*")
YES = one_of(
    r"(?:yes|yep|yeah|yup|sure|confirm|confirmed|i confirm|go ahead|do it|agreed|y|correct|right|absolutely|of course|"
    r"definitely)(?:[ ,.!]{1,3}(?:yes|please|i do|i am sure|i'm sure|go ahead|do it|order (?:it )?again|order (?:it|"
    r"them)|again|that's right|that is right|correct|confirmed?|sure|book it|send it|i want it|i would|it is|(?:it|"
    r"that|this) was me|it's me|that's me|place (?:it|the order|my order)|twice|both|i want both))*"
)
STATUS = one_of(
    r"(?:what(?:'s| is) the |check |show |get |tell me |give me |send me |know |order |my |the |shipping |delivery "
    r")*status(?: (?:of|for|on))?(?: (?:my|the|order|orders|number|no|update|and))*",
    r"(?:where(?:'s| is| are)|when (?:will|does|do)|has|have|did|is|are) (?:(?:is|my|the|our|this) )*"
    r"(?:order|package|parcel|delivery|shipment|orders|stuff|things)(?: number)?"
    r"(?: (?:be|been|get|come|arrive|arriving|ship|shipped|sent|delivered|now|already|yet|on its way|here|coming|"
    r"dispatched))*",
    r"track(?:ing)?(?: (?:my|the|order|package|parcel|number|info|information))*",
    r"wheres(?: my)? (?:order|package|parcel|delivery|shipment|orders|stuff|things)",
    r"order status|wo ist meine bestellung|d[oó]nde est[aá] mi pedido|o[uù] est ma commande",
    r"any news (?:on|about|of) my order",
)

WHERE = one_of(
    r"where(?:'s| is| are)(?: (?:my|the))?(?: (?:order|orders|parcel|package|delivery))?(?: number)?(?: now)?",
    r"(?:when will|has|did|is)(?: my)?(?: (?:order|parcel|package))?(?: number)? (?:be |been )?"
    r"(?:arriv(?:e|ed|ing)|come|ship(?:ped)?|sent(?: out)?|delivered|on (?:its|the) way)(?: (?:yet|now|already))?",
)
"""How an order stands, beside its number."""

MY_ORDER = one_of(
    r"(?:my|our) (?:(?P<which>last|latest|recent|most recent|previous) )?order",
    r"where(?:'s|s| is) (?:it|everything)(?: (?:now|at|then|right now|by now|at the moment))?",
    r"(?:when (?:will|does)|has|did|is) (?:it|everything) (?:be |been )?(?:arriv(?:e|ed|ing)|com(?:e|ing)|ship(?:ped|"
    r"ping)?|sent(?: out)?|delivered|dispatched|get here|be here|on (?:its|the) way)(?: (?:yet|now|already|today))?",
)
"""How it stands, or what the last ones were; beside other words it may only name what they are about."""

AGAIN = one_of(
    r"(?:(?:order|buy|same) )*(?:(?:it|this|that|them|these|the same|same|the|order|exactly|number|no) )*"
    r"(?:once )?again(?: order)?",
    r"(?:re-?order|repeat(?= .*order))(?: (?:the|this|that|order|number|no|it))*",
    r"(?:the |exactly the )?same (?:order )?(?:again|once more|order)|(?:the )?(?:same )?(?:order )?once more",
)
"""It books: "send me this again" may mean the mail, and "my last order" another than the one replied to."""

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
            r"(?:order|purchase) history|orders|past orders|my order list|(?:show(?: me)? )?my history",
            r"(?:show(?: me)? |send me |get |give me |what (?:was|were) )my (?:last|latest|previous|most recent) "
            r"orders?",
            r"(?:show(?: me)? |send me |give me )?(?:the |a )?(?:list|overview|summary|history) of (?:all )?(?:my|our) "
            r"(?:past |previous |old |recent )?(?:orders|purchases)|(?:my )?orders? overview",
            r"(?:show(?: me)? |see |list )?(?:what|everything|all (?:that )?|the (?:things|products|orders)(?: that)?)"
            r" ?(?:i|we)(?: have|'ve)? (?:ordered|bought|purchased|placed|made)"
            r"(?: so far| before| from you| in the past)?",
            r"what did (?:i|we) (?:order|buy)(?: last(?: time)?| from you| before)?",
            r"my oders|my ordres|my ordes|myorders|meine bestellungen|mes commandes|mis pedidos",
        ),
    ),
    (
        AskKind.STOP,
        one_of(
            r"stop|sotp|stpo|stop all|opt[- ]?out|un-?subscribe(?: me)?|unsubscrib|unsuscribe|unsubcribe",
            rf"(?:remove me|take me off|(?:un-?subscribe(?: me)?))(?: from)? {LISTS}",
            r"remove me",
            rf"(?:stop|quit) (?:sending|mailing|emailing)(?: me)?(?: (?:any ?more |more |these |your |all |any |such "
            rf")*{MAILS})?",
            rf"(?:no more|stop (?:the|these|your|all)) {MAILS}|stop spamming(?: me)?|no more of (?:these|this|those)",
            r"stop (?:sending|mailing|emailing) (?:me )?(?:these|this|those|any of (?:these|this))",
            r"(?:newsletter )?abmelden|(?:bitte )?keine (?:werbung|angebote|e-?mails|mails)(?: mehr)?|me désabonner|"
            r"désabonnement|désinscription|darme de baja|desuscribirme|disiscrivimi|disiscrivetemi",
            r"stop (?:sending|mailing|emailing)(?: me)? (?:this|that|these|such|all this|your) "
            r"(?:crap|junk|rubbish|garbage|nonsense|stuff|things)",
        ),
    ),
    (
        AskKind.START,
        one_of(
            r"start|strat|start again|(?:re-?)?subscribe(?: me)?(?: again)?|opt[- ]?in|sign me up",
            r"start (?:sending|mailing) (?:me )?(?:offers|e?-?mails|again)",
            r"(?:get|receive|have|send me)(?: your| the)? (?:offers|newsletters?|e?-?mails) again",
        ),
    ),
    (
        AskKind.MORE,
        one_of(
            r"(?:show |see |send |give |list |can i (?:see|have|get) )?(?:me |us )?(?:some |the |a few )?more"
            r"(?: products| items| results| of (?:them|these|those)| suggestions)?",
            r"(?:the )?next(?: page| ones| products| \d{1,2})?|show (?:me )?the (?:next|rest)|continue|what else|mehr|"
            r"weiter|page suivante",
        ),
    ),
    (
        AskKind.HELP,
        one_of(
            r"help|hlep|halp|hepl|help me|info|information|commands|instructions|usage|faq|hilfe|aide|manual",
            r"what (?:are )?(?:the )?commands(?: are there| can i use| do you (?:know|have|understand))?",
            r"(?:an? |the |send me an? )?(?:blank |empty )?order form|how (?:does|do) (?:this|it|that|things) work",
            r"how (?:do|can|does|to) (?:i |we |this |it )?(?:order|work|buy|place an order|order something)"
            r"(?: (?:by|via|per|with) e?-?mail)?",
            r"what can (?:i|you) do(?: here)?|how (?:do|can) i (?:cancel|change)(?: (?:an|my) order)?",
        ),
    ),
    (
        AskKind.EXPORT,
        one_of(
            rf"(?:export|download|send me|send|show me|give me|get|request)(?: me)? {MY_DATA}",
            rf"(?:(?:give|send) (?:me )?)?(?:a |the )?copy of {MY_DATA}|(?:have )?{MY_DATA}(?: please)?",
            r"(?:send|show|give|tell) me (?:everything|all|what|all the data) (?:that )?you "
            r"(?:have|hold|know|keep|store)(?: stored)? (?:about|on) me",
            r"(?:my )?data (?:export|request|access request)|gdpr (?:export|access|request)(?: request)?|export",
            r"(?:subject|data) access request|what data do you (?:have|hold|store|keep)(?: (?:about|on) me)?",
        ),
    ),
    (
        AskKind.ERASE,
        one_of(
            rf"(?:erase|delete|remove|destroy|wipe) {MY_DATA}",
            r"erase|erase me|delete me|forget me|right to be forgotten|gdpr (?:erasure|delete|deletion)",
            r"l(?:ö|oe)sch(?:e|en)(?: sie)? (?:alle )?meine daten|(?:alle )?meine daten l(?:ö|oe)schen|"
            r"(?:effacez|supprimez) mes données|borr(?:a|e|en) mis datos",
            r"(?:delete|erase) everything (?:you (?:have|know) )?about me|data (?:erasure|deletion)",
        ),
    ),
)

LIST_OF_PRODUCTS = (
    r"(?:show(?: me)? |list |see |send me |get |find |have you |do you have |what |which |are there |is there |all |"
    r"any |some |me |your |the |everything |what you have |can i (?:get|buy) |could i (?:get|buy) |have you got |for "
    r")*(?:products?|items?|things?|articles?|stuff|something|anything|gifts?|presents?|everything|all|costs|is|are|do "
    r"you have|have you|produkte|artikel|produits|articles)?(?: (?:do you have|that|which|costs?|costing|priced|for "
    r"sale|are|is|you have|can i (?:get|buy)|available|for|in stock|at))* ?"
)
UNDER = one_of(
    LIST_OF_PRODUCTS + r"(?:under|below|less than|cheaper than|lower than|beneath|<(?!=)|unter|moins de|"
    r"(?P<inclusive>up to|max(?:imum)?|at most|no more than|not more than|<=|to a maximum of|bis|jusqu'à))\s*"
)
PRODUCTS_FOR = re.compile(LIST_OF_PRODUCTS)
OR_LESS = re.compile(
    r",? (?:or (?:less|under|below|cheaper|lower)|and (?:less|under|below|cheaper)|max(?:imum)?|at (?:the )?most|tops)$"
)

# A few words that can name a product, and no sentence about one.
SOUGHT = (
    r"(?!(?:your|our|my|i|we|you|that|which|who|are|is|were|have|to|from|in|at|by)\b)"
    r"[^\W_][\w&'-]{0,30}(?: (?!(?:are|is|were|was|have|had)\b)[\w&'-]{1,30}){0,3}"
)
CATALOG = one_of(
    r"(?:show(?: me)? |send(?: me)? |see |get |view |have |browse |your |the |full |complete |current |product |"
    r"price |whole |latest )*(?:catalog|catalogue|catalouge|catalgo|catelog|cataloge|katalog|product list|"
    r"price ?list|list of products|products|product catalog(?:ue)?|assortment|sortiment|produkte|produits)"
    r"(?:(?: |: ?)(?:for |of |on |with |about |page )?(?!under|below|less|cheap|up to|over|above|unter|bis)"
    rf"(?P<word>{SOUGHT}))?",
    r"(?:search(?: the catalogu?e)?(?: for)?|browse|find me)(?: (?:a|an|any|some|your|all))? "
    rf"(?P<sought>{SOUGHT})",
    r"do you have an? (?:catalog(?:ue)?|price ?list|product list)|gimme(?: the| your| a)? catalog(?:ue)?|"
    r"what (?:else )?do you (?:sell|have|offer)|what(?: all)? can i (?:buy|order)(?: from you| here)?",
)
GOODS = one_of(
    r"(?:(?:do|would) you (?:also |still |happen to |perhaps )*(?:have|sell|stock|carry|offer)|have you (?:got|any)|"
    r"looking for|(?:you )?got|are there|how much (?:is|are|does|do|for|would)|what (?:does|do|would|is the price of|"
    r"are the prices of))(?: (?:any|some|a|an|the|other|more|one|your))* (?!(?:it|them|these|those|this|anything|"
    r"something|else|time|news|idea|ideas|questions?|problems?|more|any|some|one|ones|policy|got|the|a|an|other)\b)"
    rf"(?P<goods>{SOUGHT}?)(?: (?:in stock|for sale|available|left|at the moment|right now|there|on sale|as well|too|"
    r"cost|costs|each|now|today|please))*"
)
"""A product asked for as one asks in a shop; where none is found it was about something else."""

RECOMMEND = one_of(
    r"(?:make |send |give |have |do you have |me |some |any |your |product |a |personal )*"
    r"(?:recommend(?:ations?|ation)?|recomendations?|recomend|reccomend(?:ations?)?|recommand(?:ations?)?|recommed|"
    r"reccommend|suggest(?:ions?)?|sugest(?:ions?)?|what (?:do|would|can|else do|else would) you (?:recommend|"
    r"suggest)|inspire me|surprise me|empfehlung(?:en)?|gift ideas?|ideas)(?: (?P<word>[^\W_][\w ,'-]{0,100}))?",
    r"what (?:should|could|else should|else could) i (?:buy|order|get)(?: next| now| from you)?|what else would i like",
    r"what (?:goes|would go|fits|matches)(?: well)?(?: together)? with (?P<beside>[^\W_][\w ,-]{0,80})",
)
VAGUE = words(
    "me us to a an some any another other good nice new few something anything one product products thing things item "
    "items gift gifts present presents idea ideas else what that goes go well fits for with like similar based on the "
    "my your please based what's"
)
"""Words behind "recommend" that name no product."""

NOTIFY = one_of(
    r"notify(?: me| us)?(?: (?:when|once|if|about|of|as soon as))?(?: (?P<word>[^\W_][\w -]{0,60}?))??"
    r"(?:(?: (?:is|are|comes?|gets?|becomes?|will be))?(?: (?:back|available|again|in stock|here))+)?",
    r"(?:please )?(?:tell|alert|inform|let|e?mail|write)(?: (?:me|us|to|know))* (?:when|once|if|as soon as) "
    r"(?P<sought>[^\W_][\w -]{0,60}?) (?:is|are|comes?|gets?|becomes?|will be)(?: (?:back|available|again|in stock|"
    r"here))+",
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
    r"more|next|continue|else|mehr|weiter|page|hilfe|aide|manual|commandes|pedidos|bestell|empfehl|ideas|search|browse|"
    r"find|price|cost|unter|moins|bis |jusqu|tops|goes|gift|produ|artic|sortim|sugest|form|overview|summary|"
    r"chang|chnage|chagne|cahnge|amend|modif|edit|replace|updat|revis|again|repeat|same|once more|make it|should be",
    r"notif|alert|inform|tell|let |mail|abmeld|werbung|angebote|désabonn|désinscri|darme de baja|desuscri|disiscriv",
    r"do you|you got|looking for|daten|données|datos|^\W*got |over|above|between|from [$€£]?\d|dearer|my |our ",
    r"go ahead|do it|agreed|^\W*y\W*$|correct|right|absolutely|of course|definitely|has |have |did |is |are |news",
)
"""A word of every phrase: a sentence without any of them is no command, which is quickly seen."""
