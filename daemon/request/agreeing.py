"""Whether a reply agrees to the question that proves who wrote: a yes, alone or with the words of what was asked."""

import re
from collections.abc import Iterator, Sequence

from daemon.letter import Letter
from daemon.request.commands import sentences
from daemon.request.manners import is_closing
from daemon.request.page import Line
from daemon.request.remarks import LONGEST, said_beside
from daemon.request.shapes import AskKind
from daemon.request.spelling import plain
from daemon.request.subject import Subject, read_subject
from daemon.request.thread import written_anew

PLEASE = r"(?:please|pls|plz|bitte|por favor|s'il (?:vous|te) pla[iî]t|per favore|thanks|thank you|danke|merci|gracias)"
YES = (
    r"(?:yes|yess|yep|yeah|yup|y|sure|of course|certainly|definitely|absolutely|ok|okay|confirmed|(?:i )?confirm|"
    r"i agree|agreed|correct|that's (?:right|correct)|that is (?:right|correct)|go ahead|do it|i do|i did|i am sure|"
    r"i'm sure|(?:it|that|this) (?:was|is) (?:me|i)|it's me|that's me|i (?:did )?ask(?:ed)?"
    r"(?: you| (?:for )?(?:it|this|that))?|ja|jawohl|gerne|oui|s[ií]|sim|das war ich|c'(?:était|est) moi|"
    r"(?:fui|soy) yo)"
)
MINE = r"(?:(?:all )?(?:of )?my (?:personal )?(?:data|details|information)|the data|(?:my|the|those|these) orders?)"
THINGS = rf"(?:it|this|that|them|it all|all of it|all|everything|{MINE})"
MAY = r"(?:(?:you (?:can|may|should)|i want you to|i'd like you to) )?"
SENDING = (
    rf"{MAY}(?:send|show|tell|give|mail|export|get)(?: (?:me|us))?(?: (?:{THINGS}|(?:a|the|my) (?:copy|list|export|"
    rf"status)(?: of {THINGS})?))?(?: to me)?|"
    r"schicken sie (?:sie|es|alles)(?: mir)?|envoyez[- ](?:les|moi)"
)
ERASING = (
    rf"{MAY}(?:erase|delete|remove|wipe|forget)(?: (?:{THINGS}|me|everything (?:you (?:know|have|hold)(?: about me)?|"
    rf"about me)))?|"
    r"(?:alles |meine daten )?l(?:ö|oe)schen(?: sie)?(?: (?:alles|es|meine daten))?|(?:effacez|"
    r"supprimez)(?:[- ](?:tout|les|mes données))?|(?:borr(?:a|e|en)|elimin(?:a|e|en))(?: (?:todo|mis datos))?"
)
ORDERING = (
    rf"{MAY}(?:send|ship|book|order|place|take)(?: (?:{THINGS}|the (?:order|same)|one))?(?: again| to me| once more)?|"
    r"again|once more|(?:i|we) want (?:it|them|that)(?: again)?|i would(?: like (?:it|that|them))?(?: again)?|"
    r"noch ?einmal|nochmals?|schicken sie (?:sie|es)(?: noch ?einmal)?|encore une fois|otra vez|di nuovo"
)
HELLO = r"(?:(?:hi|hello|hey|moin|hallo|bonjour|hola)(?: there)? )?"
WORDS_OF = {AskKind.ERASE: ERASING}
"""How what was asked is repeated behind the yes; of any other question than these it is SENDING."""


def agrees(letter: Letter, asked: AskKind) -> bool:
    """Whether the whole letter says yes to what was asked, politeness and its writer's name aside; pure and total.

    A question mark, a doubt, or a word about anything else is no yes: the question stays open, and a person reads it.
    """
    return says_yes(letter, WORDS_OF.get(asked, SENDING))


def agrees_to_order(letter: Letter) -> bool:
    """The same of the question about an order, or of an offer."""
    return says_yes(letter, ORDERING)


def says_yes(letter: Letter, words: str) -> bool:
    if letter.struck or letter.sheets or letter.damage or letter.forwarded:
        return False
    subject = read_subject(letter.subject, bool(letter.replies_to), "USD")
    parts = [letter.lines, *([letter.html_lines] if letter.html_lines and any(map(is_text, letter.html_lines)) else [])]
    return all(part_agrees(written_anew(part, subject), subject, letter, words) for part in parts)


def is_text(line: Line) -> bool:
    return bool(line[1].strip())


def part_agrees(lines: Sequence[Line], subject: Subject, letter: Letter, words: str) -> bool:
    yes = re.compile(rf"{HELLO}(?:(?:{PLEASE}|{YES}) )*{YES}(?: (?:{YES}|{words}|and|{PLEASE}|now|for me))*")
    repeated = re.compile(rf"(?:(?:{words}|and|{PLEASE}|now)(?: |$))+")
    said = list(own_words(lines, subject))
    rest = [text for text in said if not yes.fullmatch(bare_of_marks(text))]
    others = [(0, text) for text in rest if not repeated.fullmatch(bare_of_marks(text))]
    return len(rest) < len(said) and not said_beside(others, letter)


OUR_QUESTION = re.compile(r"please say yes", re.IGNORECASE)


def own_words(lines: Sequence[Line], subject: Subject) -> Iterator[str]:
    """The subject, where it is the customer's own, and the lines down to the closing."""
    if not subject.reply and not OUR_QUESTION.search(subject.text):
        yield subject.text
    for _, text in filter(is_text, lines):
        if is_closing(text):
            break
        yield from sentences(text)


def bare_of_marks(text: str) -> str:
    """In lower case, without the marks between the words; a question mark stays, for it asks."""
    return " ".join(re.sub(r"[^\w?'’ -]|(?<!\w)-|-(?!\w)", " ", plain(text[: LONGEST + 1]))[:LONGEST].split())
