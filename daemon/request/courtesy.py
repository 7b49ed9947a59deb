"""What people say out of politeness beside a question, and what else they say, which somebody should read."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from daemon.request.commands import LONGEST, bare, read_command, sentences
from daemon.request.doubt import doubt_in, gravest, reason_for_person
from daemon.request.manners import is_closing, is_greeting
from daemon.request.page import Line
from daemon.request.shapes import AskKind
from daemon.request.spelling import plain

KIND = r"(?:very |really |so |just |always |truly )?"
COURTESY = re.compile(
    rf"(?:(?:i|we) )?(?:do )?hope (?:that )?(?:(?:you(?: and your \w+)?(?:'re| are)|all is|everything is|you're all|"
    rf"things are)(?: all| both)?(?: {KIND}(?:doing|keeping|staying))? ?(?:well|fine|good|ok|okay|great|healthy|"
    rf"safe)?(?: with you(?: and (?:the|your) \w+)?)?|"
    r"this (?:mail|e-?mail|letter|message|note)?\s?finds you \w+(?: \w+)?|you (?:had|have|are having) an? (?:\w+ )?"
    r"(?:day|week|weekend|evening|morning|holiday|summer|time|one))"
    r"|(?:i |we )?(?:wish(?:ing)? you |have )?(?:all )?an? (?:\w+ )?(?:nice|good|great|lovely|wonderful|pleasant|"
    r"beautiful|happy|fine|super|sunny|merry|relaxing)(?: \w+)? (?:day|week|weekend|evening|morning|afternoon|"
    r"night|time|one|holiday|holidays|summer|christmas|easter|year|rest of the (?:day|week))(?: (?:everyone|all|"
    r"to you|"
    r"ahead|there|too))?"
    r"|(?:(?:and )?(?:an? )?(?:happy|merry) (?:new year|christmas|easter|holidays|thanksgiving|xmas|friday|"
    r"monday) ?)+"
    r"(?:to .{1,30})?"
    rf"|(?:and )?(?:many |{KIND})?(?:thanks|thank you|thankyou|thx)(?: (?:very|so) much| a lot| again| once "
    rf"again| in "
    r"advance| all| everyone)*(?: for (?:all |any )?(?:your|the|my|asking|everything|this|that|it)?(?: "
    r"?(?:quick|kind|"
    r"great|good|fast|nice|prompt|friendly|last|lovely|latest|wonderful|previous))*(?: ?(?:help|time|service|support|"
    r"reply|answer|response|attention|effort|efforts|patience|work|delivery|order|parcel|trouble|shop|mail|email|"
    r"kindness|understanding|assistance|information|info|advice)){0,2})?(?:,? (?:it is|it's) (?:much )?appreciated)?"
    r"|(?:(?:i|we) (?:am |are )?|i'm )?look(?:ing)? forward(?: to (?:hearing from you|your (?:reply|answer|mail|"
    r"response|email)|it|that|them|seeing (?:it|them|you)))?(?: soon)?"
    rf"|(?:i|we) {KIND}(?:love|like|enjoy) (?:your|this) (?:\w+ )?(?:shop|store|products|things|website|service)"
    rf"(?: {KIND}much| a lot)?|(?:you have an? |what an? )?(?:great|nice|lovely|wonderful|good) (?:shop|store|"
    rf"service|"
    r"work|job|products)|keep up the good work"
    r"|(?:it is |it's |there is |there's )?(?:no (?:rush|hurry|worries|problem)|not urgent)(?: at all)?"
    r"|(?:i'm |i am )?sorry (?:for|to) (?:bother(?:ing)?|troubl(?:e|ing)|disturb(?:ing)?)(?: you)?(?: again)?"
    r"|(?:that's|that is|that would be|this would be|it would be) (?:all|great|nice|lovely|good|wonderful|kind|fine|"
    r"perfect|helpful|it|very kind|very nice)(?: (?:of you|for now|for today))?"
    r"|(?:i|we)(?:'d| would)? (?:very much |really )?appreciate (?:it|that|this|your help)|much appreciated"
    r"|(?:it is|it's|this is) me(?: again)?|how are you(?: doing)?(?: today)?|take care|see you(?: soon)?|cheers|"
    r"warm greetings.{0,30}|greetings from .{1,30}|sent from my .{1,40}|nice to meet you|as always|as usual|"
    r"i(?:'m| am) (?:just )?curious|i(?:'m| am) an? (?:\w+ )?(?:new|regular|happy|long-?time|old|returning|"
    r"loyal) customer"
    r"(?: of yours)?"
    r"|(?:mit )?(?:vielen? |freundlichen? |besten? |herzlichen? |liebe |schöne[nr]? |viele |lieben )*"
    r"(?:gr(?:ü|ue)(?:ß|ss)e?n?|dank|danke|guten (?:tag|morgen|abend))(?: (?:aus|an|sehr|im voraus|schön).{0,30})?|"
    r"(?:bien )?cordialement|"
    r"merci(?: (?:beaucoup|d'avance))?|bonne journée|salutations|(?:muchas )?gracias|saludos|un saludo|"
    r"grazie(?: mille)?|cordiali saluti|(?:einen )?schönen (?:tag|abend)(?: noch)?"
)
OF_MAILS = re.compile(
    r"(?<!\w)(?:e?-?mails?|offers?|newsletters?|spam|advertis\w{0,8}|ads|messages?|write|writing|mailing|list|"
    r"subscri\w{0,8}|annoy\w{0,3}|stop|sign(?:ed)? up|unsubscribe\w{0,2})(?!\w)"
)
"""Beside "stop" it says why, or the same again."""


def rest_for_person(kind: str, beside: Iterable[Line]) -> str:
    """Why a person has to read a letter whose question of this kind is answered; empty where politeness is all that is
    said besides.
    """
    said = [sentence for _, text in beside for sentence in sentences(text) if not is_courtesy(sentence)]
    if kind in (AskKind.STOP, AskKind.START):
        said = [sentence for sentence in said if not OF_MAILS.search(plain(sentence))]
    doubts = [doubt_in(sentence, additions=False) for sentence in said]
    return reason_for_person(gravest([doubt for doubt in doubts if doubt is not None])) if said else ""


@lru_cache(maxsize=256)
def is_courtesy(sentence: str) -> bool:
    """Whether a sentence asks and tells nothing; a command said a second time does not either."""
    command = read_command(sentence)
    if is_greeting(sentence) or is_closing(sentence) or (command is not None and not command.weak):
        return True
    return len(sentence) <= LONGEST and holds_courtesies(sentence)


@lru_cache(maxsize=256)
def holds_courtesies(sentence: str) -> bool:
    """Whether nothing stands between its commas but politeness."""
    return all(map(is_polite, pieces(sentence)))


def is_polite(piece: str) -> bool:
    """ "Many thanks and have a great weekend" is two courtesies in one."""
    return bool(COURTESY.fullmatch(piece)) or all(
        COURTESY.fullmatch(part) or is_closing(part) for part in re.split(r" (?:and|&|und|et) ", piece)
    )


def pieces(sentence: str) -> Iterator[str]:
    """What stands between its commas, without the politeness around each."""
    for piece in re.split(r"[,;:.!?()-]+(?=\s|$)|\s[-–—]+\s", plain(sentence)):
        words = piece.strip(" .,!?'\"*_-")
        if any(map(str.isalnum, words)) and bare(words) and not is_greeting(words):
            yield words
