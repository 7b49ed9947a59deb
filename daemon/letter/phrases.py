"""How mail programs of many languages mark replies, quotes, forwarded mail, signatures and their own answers."""

import re


def one_of(*phrases: str) -> str:
    """A pattern for any of these patterns."""
    return "(?:" + "|".join(phrases) + ")"


def pattern(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces), re.IGNORECASE)


# Subject prefixes, at the very beginning.
REPLY = pattern(
    one_of("re", "aw", "antw", "antwort", "sv", "vs", "réf", "ref", "rép", "res", "odp", "r", "ynt", "回复", "答复"),
    r"\s{0,3}(?:\[\d{1,3}\])?\s{0,3}[:：]",
)
FORWARD = pattern(
    one_of("fwd?", "wg", "tr", "rv", "enc", "i", "vb", "vl", "pd", "doorst", "videres", "ilt", "转发"),
    r"\s{0,3}[:：]",
)
AUTOMATIC_SUBJECT = pattern(
    one_of(
        *("auto(?:matic)?[- ]?(?:reply|response|responder)", "out[- ]of[- ](?:the[- ])?office", r"ooo\s?:"),
        *("automatische antwort", r"(?:automatische )?abwesenheit(?:snotiz|smeldung|sassistent)?\b", r"abwesend\s?:"),
        *("ich bin abwesend", "ich bin nicht im (?:büro|haus)", "réponse automatique", "absence du bureau"),
        *("message d'absence", "respuesta automática", "fuera de (?:la )?oficina", "risposta automatica"),
        *("fuori (?:sede|ufficio)", "automatisch antwoord", r"afwezig(?:heid)?\b", "resposta automática", "ausência"),
        *("autosvar", "automatiskt? svar", "frånvaro", "odpowiedź automatyczna", "automatická odpověď"),
        *("automaattinen vastaus", "автоответ", "自動応答", "不在通知", "自动回复", "自動回覆"),
    )
)
FAILURE_SUBJECT = pattern(
    one_of(
        *("undeliverable", "undelivered mail", "mail delivery (?:failed|subsystem|failure)", "returned mail"),
        *("delivery status notification", "delivery (?:failure|has failed|delayed)", "failure notice"),
        *("unzustellbar", "nicht zustellbar"),
    )
)

# "On ... wrote:" above a quote.
WROTE = pattern(
    one_of(
        r"\b"
        + one_of(
            *("wrote", "writes", "wrote the following", "schrieb", "a écrit", "escribi[óo]", "ha scritto", "schreef"),
            *("heeft .{1,80} geschreven", "escreveu", "skrev", "napisała?", r"napisał\(a\)", "pisze", "kirjoitti"),
            *("napsala?", r"napsal\(a\)", "yazdı", "írta", "написала?", "пишет"),
        )
        + r"(?!\w).{0,120}[:：]$",
        "(?:写道|寫道|のメール|書きました)[:：]$",
        r"^\d{4}-\d{2}-\d{2} .{5,120}<[^<>\s]{3,254}>[:：]$",
    )
)
ATTRIBUTION_OPENS = pattern(
    one_of("on", "am", "le", "el", "il", "op", "em", "no dia", "a", "den", "på", "w dniu", "dnia", "dne", "в", "在"),
    r"\s",
)
DATED = pattern(r"\d|@")
ADDRESS = pattern(r"<\s?[^<>\s]{1,128}@[^<>\s]{1,128}\s?>")
DAY = pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
MOMENT = pattern(r"(?<!\d)\d{1,2}[:.h時时시]\s?\d{2}(?!\d)")
"""What every language writes above a quote, whatever its words."""

ORIGINAL = pattern(
    r"[-_\s]{2,30}",
    one_of(
        *("original[ -]?message", "original appointment", "ursprüngliche nachricht", "originalnachricht", "antwort"),
        *("message d'origine", "message original", "mensaje original", "messaggio originale", "mensagem original"),
        *("oorspronkelijk bericht", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse"),
        *("opprinnelig melding", "wiadomość oryginalna", "alkuperäinen viesti", "исходное сообщение", "reply message"),
    ),
    r"[-_\s]{2,30}",
)
FORWARDED_WORDS = one_of(
    *("forwarded message", "begin forwarded message", "forwarded by .{1,120}", "weitergeleitete nachricht"),
    *("anfang der weitergeleiteten nachricht", "message transféré", "début du message (?:transféré|réexpédié)"),
    *("mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato", "inizio messaggio inoltrato"),
    *("(?:begin )?doorgestuurd bericht", "mensagem encaminhada", "vidarebefordrat meddelande"),
    *("videresendt (?:meddelelse|melding)", "wiadomość przekazana", "пересылаемое сообщение"),
)
FORWARDED = pattern(r"[-_>\s]{0,30}", FORWARDED_WORDS, r"[-_\s:：]{0,30}")
RULE = pattern(r"_{20,200}|-{20,200}")

# The header block that Outlook puts above the mail it answers.
FROM_KEY = pattern(r"\*?", one_of("from", "von", "de", "da", "van", "från", "fra", "od", "от", "发件人"), r"\s?:\*?\s")
DATE_KEY = pattern(
    r"\*?",
    one_of(
        *("sent", "date", "gesendet", "datum", "envoyé", "enviad[oa]", "fecha", "inviato", "data", "verzonden"),
        *("skickat", "sendt", "wysłano", "дата", "отправлено", "发送时间"),
    ),
    r"(?: (?:le|el|em))?\s?:",
)
SUBJECT_KEY = pattern(
    r"\*?",
    one_of(
        *("subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "ämne", "emne", "temat", "тема"),
        "主题",
    ),
    r"\s?:",
)

SIGNATURE = pattern(r"--\s?")
SENT_FROM_WORDS = one_of(
    "sent (?:from|via) (?:my|the|an?|outlook|mail|yahoo|gmail|samsung|proton|mobile) ?.{0,80}",
    *("get outlook for .{2,60}", "v(?:on|om) meine[mr] .{2,40} gesendet", "gesendet (?:von|mit) .{2,60}"),
    *("diese nachricht wurde von .{2,60} gesendet", "envoyé (?:de|depuis) mon .{2,40}", "enviado desde mi .{2,40}"),
    *("inviato da(?:l mio)? .{2,40}", "verzonden vanaf mijn .{2,40}", "enviado do meu .{2,40}"),
    *("wysłane z .{2,40}", "skickat från min .{2,40}", "sendt fra min .{2,40}", "télécharger outlook pour .{2,40}"),
    "outlook für .{2,20} (?:herunterladen|beziehen).{0,60}",
)
SENT_FROM = pattern(SENT_FROM_WORDS, r"\.?")
MARK_BEGINS = pattern(one_of("[-_>]", FORWARDED_WORDS, SENT_FROM_WORDS))
"""How each of these marks begins, but for those that hold a colon."""
