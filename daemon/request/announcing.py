"""How a list of items is announced: the ordering phrases of a few languages, known word by word."""

import re
from collections.abc import Collection

from daemon.request.against import second_thought
from daemon.request.spelling import plain, words

ORDERING = words(
    "order orders ordering send ship deliver buy purchase want need like take get supply bestelle bestellen bestellung "
    "brauche brauchen benötige benötigen nehme nehmen kaufe kaufen möchte möchten schicken senden liefern hätte hätten "
    "commande commander acheter voudrais voudrions souhaite souhaitons souhaiterais aimerais aimerions prends prenons "
    "envoyer envoyez quiero quisiera queremos quisiéramos pedir comprar ordenar encargar gustaría gustaria pedido "
    "enviar enviarme envíen envíenme envienme envíeme mándeme deseo necesito necesitamos vorrei vorremmo voglio "
    "vogliamo ordinare acquistare comprare desidero ordine inviatemi spedite speditemi mandatemi"
)
BESIDE = words(
    "i i'd i'll i'm we we'd we'll we're would will could can may might you wish to us me my our the a an this these "
    "those that following follows below items item products product things thing goods articles article list lists all "
    "for new next another please pls plz kindly thanks thank here here's there is are am it they as and also hi hello "
    "hey dear good morning afternoon evening day shop store team sir madam sirs everyone your from catalog catalogue "
    "website looking today now so just then go ahead place placing put book with quantity quantities qty number "
    "numbers each lines line what which some few them one two three four five six seven eight nine ten or mail email "
    "per by of in on time urgent asap shopping winter spring summer autumn holiday holidays wedding party anniversary "
    "january february march april june july august september october november december be so kind grateful appreciate "
    "if love writing find delivery address details discussed agreed wife husband family wie folgt folgend happy glad "
    "ready enclosed attached christmas birthday gift gifts present presents office kitchen house home at again ich wir "
    "gern gerne bitte hiermit meine meinen unsere unseren mein die das der den dem ein eine folgende folgendes "
    "folgenden artikel produkte sachen dinge waren liste sie mir uns für und an zu von hier ist sind neue es will "
    "wollen würde würden haben guten tag morgen abend hallo liebes liebe team sehr geehrte geehrter damen herren diese "
    "dieses je j' j nous s'il vous plaît plait svp merci de d' m'envoyer moi les le la l' des articles suivants "
    "suivantes suivant produits article produit ma mes notre voici une un pour bonjour bonsoir à et ce ces ceci qui "
    "suit passer por favor los las lo siguientes siguiente artículos articulos productos mi este esta estos estas es "
    "nuestro nos el un una hola buenos buenas días dias tardes y de para con hacer un per favore i gli seguenti "
    "articoli prodotti il mio nostro ecco di questi queste questo buongiorno salve ciao uno e un ho bisogno fare"
)
HAVE = re.compile(
    r"(?<!\w)(?P<may>(?:can|could|may|might) (?:i|we)|to|(?:i|we)'ll|(?:i|we) will) (?:please )?have(?!\w)"
)
ORDERS_THAT = re.compile(
    r"(?:(?:hi|hello|dear \w+),? )?(?:please )?(?:i|we)(?:'d| would)? (?:also |really |just |now )?"
    r"(?:(?:like|want|need|wish|love)(?: to)? (?:please )?(?:(?:order|buy|purchase|place an order)(?! back|ed)|"
    r"(?:(?:get|have) )?(?:these|this|those|the following|some))|need)(?!\w)(?! to(?!\w)).{0,160}"
)
"""What else is said there of the goods or of the reason speaks against it only where it is a second thought."""
FROM_US = re.compile(
    r"(?<!\w)(?:i|we)(?:'d|'ll|'m|'re)?(?: (?:can|will|could|may|might|would|want|like|wish|need|to|also|just|now|am|"
    r"are))* (?:send|ship|deliver|supply|mail|post)(?!\w)"
)
""" "We can send you:" is said by who returns or offers something."""
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+")
SHORT = 25


def announces(text: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a line is an ordering phrase and nothing else, but for the `names` of who writes or gets it."""
    lowered = plain(text)
    if "have" in lowered:
        lowered = HAVE.sub(r"\g<may> want", lowered)
    said = WORD.findall(lowered)
    if not said or len(said) > SHORT:
        return False
    if ORDERS_THAT.fullmatch(lowered):
        return second_thought(lowered) is None
    if names and lowered.startswith("for ") and set(said[1:]) <= set(names):
        return True
    if FROM_US.search(lowered):
        return False
    known = all(word in ORDERING or word in BESIDE or word in names or word.isdigit() for word in said)
    return known and (not ORDERING.isdisjoint(said) or is_bare(said))


NOUNS = words(
    "request requests wanted shopping items item products product things goods articles list following follows artikel "
    "produkte liste articles"
)


def is_bare(said: Collection[str]) -> bool:
    """ "The following items:", "My list": nothing is said of them, so they can only be meant to be ordered."""
    return not NOUNS.isdisjoint(said) and SAYING.isdisjoint(said)


SAYING = words("i i'd i'm we we're is are am they it there you haben ist sind es ho ich wir je nous")
