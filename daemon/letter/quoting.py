"""What the sender wrote anew, parted from quotes, forwarded mail and signatures."""

import re
from dataclasses import dataclass

from daemon.letter.text import Shown

MARKED_CHARACTERS = 400  # no marker line is longer; keeps every search here bounded

REPLY = re.compile(r"(?:re|aw|antw|antwort|sv|vs|réf|ref|rép|res|odp|r|ynt|atb|回复|答复)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}[:：]", re.I)
FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|enc|i|vb|vl|pd|doorst|videres|ilt|transf|转发)\s{0,3}[:：]", re.I)

WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|écrit|escribió|escribio|ha scritto|schreef|heeft .{1,80} geschreven|escreveu|skrev"
    r"|napisała?|napisał\(a\)|pisze|kirjoitti|napsala?|napsal\(a\)|yazdı|írta|написала?|пишет|wrote the following)\b.{0,120}[:：]$"
    r"|(?:写道|寫道|のメール|書きました)[:：]$"
    r"|^\d{4}-\d{2}-\d{2} .{5,120}<[^<>\s]{3,254}>[:：]$",
    re.I,
)
OPENS = re.compile(r"(?:on|am|le|el|il|op|em|no dia|a|den|på|w dniu|dnia|dne|в|at|van|von|tarihinde|在)\s", re.I)
DATED = re.compile(r"\d|@")

ORIGINAL = re.compile(
    r"[-_\s]{2,30}(?:original(?: |-)?message|original appointment|ursprüngliche nachricht|originalnachricht|message d'origine"
    r"|message original|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|ursprungligt meddelande"
    r"|originalmeddelande|oprindelig meddelelse|opprinnelig melding|wiadomość oryginalna|alkuperäinen viesti"
    r"|исходное сообщение|reply message|antwort)[-_\s]{2,30}",
    re.I,
)
FORWARDED = re.compile(
    r"[-_>\s]{0,30}(?:forwarded message|begin forwarded message|forwarded by .{1,120}|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten nachricht|message transféré|début du message (?:transféré|réexpédié)|mensaje reenviado"
    r"|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht"
    r"|mensagem encaminhada|vidarebefordrat meddelande|videresendt (?:meddelelse|melding)|wiadomość przekazana"
    r"|пересылаемое сообщение)[-_\s:：]{0,30}",
    re.I,
)
RULE = re.compile(r"_{20,200}|-{20,200}")
FROM_KEY = re.compile(r"\*?(?:from|von|de|da|van|från|fra|od|от|lähettäjä|发件人)\s?:\*?\s", re.I)
DATE_KEY = re.compile(
    r"\*?(?:sent|date|gesendet|datum|envoyé|enviado|enviada|fecha|inviato|data|verzonden|skickat|sendt|wysłano|дата|отправлено|发送时间)"
    r"(?: (?:le|el|em))?\s?:",
    re.I,
)
SUBJECT_KEY = re.compile(
    r"\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|temat|тема|aihe|主题)\s?:", re.I
)
HEADER_LINES = 8

SENT_FROM = re.compile(
    r"(?:sent (?:from|via) (?:my|the|a|an|outlook|mail|yahoo|gmail|samsung|proton|tutanota|mobile|windows) ?.{0,80}|sent from .{1,30}mail.{0,60}"
    r"|get outlook for .{2,60}|(?:von|vom) (?:meinem|meiner) .{2,40} gesendet|gesendet (?:von|mit) .{2,60}|diese nachricht wurde von .{2,60} gesendet"
    r"|envoyé (?:de|depuis) mon .{2,40}|enviado desde mi .{2,40}|inviato da(?:l mio)? .{2,40}|verzonden vanaf mijn .{2,40}|enviado do meu .{2,40}"
    r"|skickat från min .{2,40}|sendt fra min .{2,40}|wysłane z .{2,40}|télécharger outlook pour .{2,40}|outlook für .{2,20} (?:herunterladen|beziehen).{0,60})\.?",
    re.I,
)
Lines = list[tuple[str, bool]]
SIGNATURE_LINE = re.compile(r"--\s?")


@dataclass(frozen=True, slots=True)
class Written:
    """The sender's own lines with their numbers; blank ones too, so that paragraphs are seen.

    `inside_quote` says that the text ended in what was quoted or signed, so that a cut there cut nothing of the sender's.
    """

    lines: tuple[tuple[int, str], ...]
    forwarded: bool
    inside_quote: bool


def is_reply(subject: str) -> bool:
    return bool(REPLY.match(subject.lstrip()))


def is_forward(subject: str) -> bool:
    return bool(FORWARD.match(subject.lstrip()))


def written(shown: Shown) -> Written:
    """Only what is new: quotes and attributions go line by line (answers below them stay), what follows an original
    message, a forwarded one or a signature goes to the end."""
    kept: list[tuple[int, str]] = []
    forwarded = before = quoted = False
    lines = shown.lines
    for index, (line, quoted) in enumerate(lines):
        text = line.strip()
        marker = is_forward_marker(lines, index, text)
        if quoted:
            # Web mail puts forwarded mail into a quote; what a client quotes with > was forwarded to the other one.
            forwarded = forwarded or (marker and not before and not text.startswith(">"))
        elif marker or ends_here(lines, index, text):
            return Written(trimmed(kept), forwarded or marker, True)
        elif (attribution := attribution_begins(lines, index, text)) is not None:
            while kept and kept[-1][0] > attribution:
                kept.pop()
            if not followed_by_quote(lines, index):
                return Written(trimmed(kept), forwarded, True)
        elif not SENT_FROM.fullmatch(text[:MARKED_CHARACTERS]):
            kept.append((index + 1, line))
        before = quoted
    return Written(trimmed(kept), forwarded, quoted)


def trimmed(lines: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Without the blank lines at both ends."""
    first, last = 0, len(lines)
    while first < last and not lines[first][1]:
        first += 1
    while last > first and not lines[last - 1][1]:
        last -= 1
    return tuple(lines[first:last])


def is_forward_marker(lines: Lines, index: int, text: str) -> bool:
    """Dashes or a colon make it a marker; the bare words do only above a header block."""
    if not text or len(text) > MARKED_CHARACTERS or not FORWARDED.fullmatch(text):
        return False
    return not text[0].isalpha() or text.endswith((":", "：")) or heads_block(lines, index + 1)


def ends_here(lines: Lines, index: int, text: str) -> bool:
    """Whether all from here on is a signature or somebody else's mail."""
    if not text or len(text) > MARKED_CHARACTERS:
        return False
    if text[0] not in "-_":
        return FROM_KEY.match(text + " ") is not None and heads_block(lines, index)
    if SIGNATURE_LINE.fullmatch(text) or ORIGINAL.fullmatch(text):
        return True
    return RULE.fullmatch(text) is not None and heads_block(lines, index + 1)


def heads_block(lines: Lines, index: int) -> bool:
    """Whether a block like Outlook's stands here: From, then Sent or Date, and Subject, in any order, close together."""
    block = [text.strip()[:60] + " " for text, _ in lines[index : index + HEADER_LINES] if text.strip()]
    if not block or not FROM_KEY.match(block[0]):
        return False
    return any(map(DATE_KEY.match, block)) and any(map(SUBJECT_KEY.match, block))


def attribution_begins(lines: Lines, index: int, text: str) -> int | None:
    """Index of the first line of "On ... wrote:" when this line ends one (clients wrap it over up to three lines)."""
    if not text.endswith((":", "：")) or not WROTE.search(text[-MARKED_CHARACTERS:]):
        return None
    for first in range(index, max(index - 3, -1), -1):
        candidate, quoted = lines[first]
        if quoted or not candidate.strip():
            break
        whole = " ".join(line.strip() for line, _ in lines[first : index + 1])
        if OPENS.match(candidate.strip()) and DATED.search(whole):
            return first
    return index if DATED.search(text) or followed_by_quote(lines, index) else None


def followed_by_quote(lines: Lines, index: int) -> bool:
    return next((quoted for text, quoted in lines[index + 1 :] if text.strip() or quoted), False)
