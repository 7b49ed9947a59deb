"""Why people cancel: sentences that say of an order only that it is not wanted any more."""

import re

from daemon.request.spelling import plain

IT = (
    r"(?:(?:it|this|that|them|these|those|any of (?:it|this)|(?:the|this|that|my) (?:whole )?(?:orders?|purchase|"
    r"items?|products?|things?|stuff|goods)|anything)(?: any ?more| any longer| now| after all| at all)*)"
)
ALREADY = r"(?:already |since |now |meanwhile |in the meantime )*"
NOW = r"(?: any ?more| any longer| now)*"
ENGLISH = (
    r"(?:(?:i|we)(?: have|'ve| just| really| simply)* )?changed (?:my|our) minds?",
    rf"(?:sorry,? )?(?:i|we) (?:really |just )?(?:no longer (?:need|want|require)|(?:do not|don't|dont) (?:need|want|"
    rf"require)|have no (?:more )?(?:need|use) (?:for|of)) ?{IT}",
    rf"(?:(?:{IT} (?:is|are)|it's|they are) )?(?:no longer|not) (?:needed|wanted|required){NOW}",
    rf"(?:i|we) (?:no longer|don't|do not) (?:want|need) to (?:buy|have|get) (?:it|this|them){NOW}",
    r"(?:(?:it|this|that) (?:was|is) |i made |(?:(?:i|we)(?: have|'ve)? )?(?:ordered|placed) (?:(?:it|this|that|them|"
    r"the order|this order) )?)?(?:(?:all |just )?(?:a|my|our) mistake|(?:by|in) (?:mistake|accident|error)|"
    r"accidentally|an error|an accident)",
    rf"(?:(?:i|we)(?: have|'ve)? )?{ALREADY}(?:found|got|bought|ordered) (?:(?:it|this|that|them|one|the same) )?"
    rf"{ALREADY}(?:elsewhere|somewhere else|cheaper(?: elsewhere| somewhere else)?|in (?:a|another) (?:shop|store))"
    r"(?: (?:for less|cheaper))?",
    r"(?:i|we) ordered (?:(?:it|this|that|them) )?(?:twice|the same twice)|(?:it|this) is a duplicate(?: order)?",
    r"(?:i|we) (?:can't|cannot|can not) afford (?:it|this|that)(?: any ?more| now| right now)*",
    r"(?:(?:it is|it's|that's|that is|this is) )?too (?:expensive|late|slow)(?: for (?:me|us))?",
    r"(?:i|we) already (?:have|got) (?:it|this|that|them|one)",
    r"(?:(?:it|this|that) (?:was|is) |it's |i ordered )?the wrong (?:colou?r|size|item|product)",
)
GERMAN = (
    r"(?:ich|wir) (?:brauche|brauchen|will|wollen|möchte|möchten|benötige|benötigen) (?:(?:sie|es|das|die|den|ihn|"
    r"(?:die|meine|diese) bestellung|nichts(?: davon)?) )?(?:doch )?nicht mehr(?: haben)?",
    r"(?:ich|wir) habe?n? (?:es|mir|mich|uns|es mir|es uns)(?: leider)? anders (?:überlegt|entschieden)",
    r"(?:(?:(?:es|das) )?war )?(?:ein versehen|ein irrtum|aus versehen|versehentlich)(?: bestellt)?",
    r"(?:ich|wir) habe?n? (?:sie|es|das|ihn|alles)? ?(?:woanders|anderswo|schon|günstiger|billiger)(?: (?:günstiger|"
    r"billiger|gekauft|gefunden|bekommen|bestellt))*",
)
FRENCH = (
    r"(?:j'ai|nous avons) changé d'avis",
    r"(?:je n'en ai|nous n'en avons) plus besoin|je n'ai plus besoin de (?:cette|ma|la) commande|"
    r"je (?:n'en veux|ne la veux|ne le veux) plus",
    r"(?:c'(?:est|était) )?une erreur(?: de ma part)?|(?:(?:je l'ai )?commandée? )?par erreur",
    r"(?:j'ai|je l'ai|nous l'avons) trouvée? (?:moins cher |ailleurs ?)+",
)
SPANISH = (
    r"(?:he|hemos) cambiado de (?:idea|opinión|opinion)|cambié de (?:idea|opinión)",
    r"ya no (?:lo|la|los|las)? ?(?:necesito|quiero|necesitamos|queremos)(?: (?:el|mi|este) pedido)?",
    r"(?:(?:fue|es|ha sido) )?(?:un error|por error)|(?:lo |la )?(?:pedí|he pedido) por error",
    r"(?:lo|la) (?:encontré|he encontrado) (?:más barato ?|en otro (?:sitio|lugar) ?|en otra (?:parte|tienda) ?)+",
)
ITALIAN = (
    r"(?:ho|abbiamo) cambiato idea",
    r"non (?:lo|la|li|le|mi|ci|ne) (?:serve|servono|voglio|vogliamo|ho)(?: più| bisogno)+",
    r"(?:è stato |era )?(?:un errore|per errore|per sbaglio)|ordinat[oa] per (?:errore|sbaglio)",
    r"(?:l'ho|l'abbiamo) trovat[oa] (?:a meno ?|altrove ?|da un'altra parte ?)+",
)
REASON = rf"(?:{'|'.join((*ENGLISH, *GERMAN, *FRENCH, *SPANISH, *ITALIAN))})"
SO_SORRY = (
    r"(?:(?:hi|hello|hey|hallo|bonjour|hola|ciao)(?: there)?,? |(?:i'm |i am )?(?:so |very )?sorry,? (?:but )?|"
    r"unfortunately,? |because |as |since |leider |désolée?,? |lo siento,? |purtroppo,? |"
    r"(?:da|weil|car|porque|perché) )*"
)
SORRY = (
    r"(?:(?:thanks|thank you)(?: for your (?:help|understanding))?,? and )?(?:(?:i'm |i am |we are )?(?:so |very "
    r")?sorry|apologies|i apologi[sz]e|tut mir leid|entschuldigung|désolée?|lo siento|scusate?|mi dispiace)(?: (?:for|"
    r"about) (?:the|any|this|that)(?: (?:trouble|inconvenience|bother|hassle|mistake))?)?"
)
CONFIRM = (
    r"(?:please |could you |can you |kindly )+(?:please )?confirm(?: (?:this|it|the|my|that|cancellation|receipt|it is|"
    r"it's|the order is|cancelled|canceled|done|by (?:e-?)?mail|to me))*|bitte (?:um )?(?:bestätigen|bestätigung)(?: "
    r"sie)?"
)
WHOLE = re.compile(
    rf"{SO_SORRY}{REASON}(?:,? (?:and|und|et|y|e) {REASON})?(?:,? (?:sorry|thanks|thank you|danke))?|{SORRY}|{CONFIRM}"
)
BEFORE = re.compile(
    rf"^{SO_SORRY}{REASON}(?:\s?[,;:-]|[,;]? (?:and|so|therefore|thus|und|also|daher|et|donc|y|e|quindi)) "
)
BEHIND = re.compile(rf"\s?[,;:-] {SO_SORRY}{REASON}$")
MARKS = " .,;:!-()"
LONGEST = 200


def is_regret(text: str) -> bool:
    """Whether a whole sentence is a reason to cancel, is sorry for it or asks to confirm it: it says nothing of what is
    to be cancelled, or when.
    """
    return len(text) <= LONGEST and WHOLE.fullmatch(plain(text).strip(MARKS)) is not None


def without_regret(words: str) -> str:
    """A sentence in lower case without the reason that it gives before or behind what it asks."""
    if len(words) > LONGEST:
        return words
    return BEHIND.sub("", BEFORE.sub("", words, count=1).rstrip(MARKS), count=1)
