"""Only what the sender wrote anew is read: quotes, signatures and other people's mail are not."""

import pytest

from tests.unit.letter.specimens import html_letter, letter, multipart, part, read, texts

ORDER = "BJ02R0G72U8V, 2"

ATTRIBUTIONS = [
    "On Mon, Nov 2, 2026 at 10:00 AM The Shop <orders@shop.example> wrote:",
    "On Mon, Nov 2, 2026 at 10:00 AM The Shop\n<orders@shop.example> wrote:",
    "On Mon, Nov 2, 2026 at 10:00 AM The Very Long Shop Name\nof Denver, Colorado\n<orders@shop.example> wrote:",
    "On 02/11/2026 10:00, The Shop wrote:",
    "Am 02.11.26 um 10:00 schrieb The Shop:",
    "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb The Shop <\norders@shop.example>:",
    "Le lun. 2 nov. 2026 à 10:00, The Shop <orders@shop.example> a écrit :",
    "Le 02/11/2026 à 10:00, The Shop a écrit\u00a0:",
    "El lun, 2 nov 2026 a las 10:00, The Shop (<orders@shop.example>) escribió:",
    "Il giorno lun 2 nov 2026 alle ore 10:00 The Shop <orders@shop.example> ha scritto:",
    "Op ma 2 nov 2026 om 10:00 schreef The Shop <orders@shop.example>:",
    "Em seg., 2 de nov. de 2026 às 10:00, The Shop <orders@shop.example> escreveu:",
    "Den mån 2 nov. 2026 kl 10:00 skrev The Shop <orders@shop.example>:",
    "W dniu 2.11.2026 o 10:00, The Shop pisze:",
    "pon., 2 lis 2026 o 10:00 The Shop <orders@shop.example> napisał(a):",
    "ma 2. marrask. 2026 klo 10.00 The Shop (orders@shop.example) kirjoitti:",
    "02.11.2026 10:00, The Shop пишет:",
    "The Shop <orders@shop.example> 于2026年11月2日周一 10:00写道：",
    "2026-11-02 10:00 GMT+01:00 The Shop <orders@shop.example>:",
    "2026年11月2日(月) 10:15 The Shop <orders@shop.example>:",
    "2026年11月2日(月) 10:15 The Shop <orders@shop.example>：",
    "2026年11月2日(月) 10:15 The Shop\n<orders@shop.example>:",
    "The Shop <orders@shop.example> 於 2026年11月2日 週一 上午10:15寫道：",
    "2026년 11월 2일 (월) 오전 10:15, The Shop <orders@shop.example>님이 작성:",
    "pon., 2 lis 2026 o 10:15 The Shop <orders@shop.example>\nnapisał(a):",
    "пн, 2 нояб. 2026 г. в 10:15, The Shop <orders@shop.example>:",
    "El lun, 2 nov 2026 a las 10:15, The Shop (<orders@shop.example>)\nescribió:",
    "Op ma 2 nov 2026 om 10:15 schreef The Shop\n<orders@shop.example>:",
    "mån 2 nov. 2026 kl. 10:15 skrev The Shop <orders@shop.example>:",
    "seg., 2 de nov. de 2026, 10:15, The Shop <orders@shop.example>\nescreveu:",
    "Vào Th 2, 2 thg 11, 2026 vào lúc 10:15 The Shop <orders@shop.example>\nđã viết:",
]
ABOVE_A_QUOTE = [
    "The Shop <orders@shop.example>:",
    "2026年11月2日(月) The Shop:",
    "2.11.2026, The Shop:",
    "2026. 11. 2. 오전 10:15, The Shop 작성:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_attribution_and_quote_go(attribution: str) -> None:
    raw = letter("cancel", "", *attribution.split("\n"), "> Your order", ">", ">> 7B4VYMBRQNAR, 1")
    assert texts(raw) == ["cancel"]


@pytest.mark.parametrize("attribution", ABOVE_A_QUOTE)
def test_an_address_or_a_date_right_above_a_quote_is_an_attribution(attribution: str) -> None:
    assert texts(letter("cancel", "", attribution, "> Your order")) == ["cancel"]
    assert texts(letter(attribution, ORDER)) == [attribution, ORDER]


@pytest.mark.parametrize("own", ["Please deliver before 23 Nov 2026", "Ship to: Ada", "BJ02R0G72U8V, 2"])
def test_a_line_of_the_customers_right_above_an_attribution_stays(own: str) -> None:
    assert texts(letter(own, "The Shop <orders@shop.example>:", "> Your order")) == [own]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_below_an_attribution_an_unmarked_quote_goes_too(attribution: str) -> None:
    assert texts(letter("cancel", "", *attribution.split("\n"), "", "7B4VYMBRQNAR, 1")) == ["cancel"]


def test_answers_below_and_between_quotes_stay_with_their_numbers() -> None:
    raw = letter("On 2 Nov 2026 the shop wrote:", "> which lamp?", "BJ02R0G72U8V, 2", "> how many?", "", "yes")
    assert read(raw).lines == ((3, "BJ02R0G72U8V, 2"), (5, ""), (6, "yes"))


@pytest.mark.parametrize(
    "prose",
    [
        "On the lamps: I would like two:",
        "As my wife wrote:",
        "Ship to:",
        "From: Ada",
        "I wrote this order by hand.",
        "Original message",
        "Forwarded message",
        "---",
        "--- Items ---",
        "From here on:",
        "Sent from Denver, as always, the order of this week follows below and",
    ],
)
def test_what_only_looks_like_a_marker_cuts_nothing(prose: str) -> None:
    assert texts(letter(prose, ORDER)) == [prose, ORDER]


@pytest.mark.parametrize(
    "marker",
    [
        "-----Original Message-----",
        "----- Original Message -----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "--",
        "-- ",
    ],
)
def test_all_below_an_original_message_or_signature_goes(marker: str) -> None:
    assert texts(letter(ORDER, marker, "From: The Shop", "", "7B4VYMBRQNAR, 1")) == [ORDER]


OUTLOOK = [
    (
        "From: The Shop <orders@shop.example>",
        "Sent: Monday, November 2, 2026",
        "To: Ada",
        "Subject: Order MO-7K3F-9Q2D",
    ),
    ("Von: The Shop", "Gesendet: Montag, 2. November 2026", "An: Ada", "Betreff: Order"),
    ("De : The Shop", "Envoyé : lundi 2 novembre 2026", "À : Ada", "Objet : Order"),
    ("De: The Shop", "Enviado el: lunes, 2 de noviembre de 2026", "Para: Ada", "Asunto: Order"),
    ("Da: The Shop", "Inviato: lunedì 2 novembre 2026", "A: Ada", "Oggetto: Order"),
    ("Van: The Shop", "Verzonden: maandag 2 november 2026", "Aan: Ada", "Onderwerp: Order"),
    ("*From:* The Shop", "*Sent:* Monday", "*To:* Ada", "*Subject:* Order"),
    ("From: The Shop", "Date: Monday", "To: Ada", "Subject:"),
]


@pytest.mark.parametrize("block", OUTLOOK)
@pytest.mark.parametrize("rule", [(), ("________________________________",)])
def test_outlook_puts_the_answered_mail_below_a_block_of_headers(block: tuple[str, ...], rule: tuple[str, ...]) -> None:
    assert texts(letter("cancel", "", *rule, *block, "", "7B4VYMBRQNAR, 1")) == ["cancel"]


def test_a_rule_alone_is_only_a_rule() -> None:
    assert texts(letter("Ship to: Ada", "_" * 32, ORDER)) == ["Ship to: Ada", "_" * 32, ORDER]


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.example/x>",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Sent from Yahoo Mail on Android",
    ],
)
def test_a_telephones_signature_is_one_line(line: str) -> None:
    assert texts(letter("cancel", "", line, "", "one more thing")) == ["cancel", "one more thing"]


FORWARDS = [
    ("---------- Forwarded message ---------", "From: Bob <bob@customer.example>"),
    ("-------- Forwarded Message --------", "Subject: order"),
    ("-------- Weitergeleitete Nachricht --------", "Betreff: order"),
    ("Begin forwarded message:", ""),
    ("Anfang der weitergeleiteten Nachricht:", ""),
    ("Début du message réexpédié :", ""),
    ("----- Forwarded by Ada/Denver on 11/02/2026 -----", ""),
    ("Forwarded message", "From: Bob\nDate: Monday\nSubject: order"),
]


@pytest.mark.parametrize("marker", FORWARDS)
def test_forwarded_mail_is_known_and_not_read(marker: tuple[str, str]) -> None:
    found = read(letter("please look", "", *marker, "", ORDER))
    assert found.forwarded
    assert [text for _, text in found.lines] == ["please look"]


def test_a_forward_that_was_quoted_is_not_forwarded() -> None:
    found = read(letter("cancel", "> ---------- Forwarded message ---------", "> From: Bob"))
    assert not found.forwarded
    assert texts(letter("cancel", "> ---------- Forwarded message ---------")) == ["cancel"]


def test_nothing_but_an_attached_mail_is_forwarded() -> None:
    inner = part(letter(ORDER), "message/rfc822")
    assert read(multipart(part(""), inner)).forwarded
    assert not read(multipart(part("see attached"), inner)).forwarded


HTML_QUOTES = [
    '<div class="gmail_quote">On Monday the shop wrote:<blockquote>{}</blockquote></div>',
    '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On</div>{}</div>',
    '<blockquote type="cite">{}</blockquote>',
    '<blockquote style="margin:0 0 0 .8ex;border-left:1px #ccc solid">{}</blockquote>',
    '<div class="yahoo_quoted">{}</div>',
    '<div class="moz-cite-prefix">On 2 Nov the shop wrote:</div><blockquote type="cite">{}</blockquote>',
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Shop</div><div>{}</div>',
    '<hr><div id="x_divRplyFwdMsg">From: Shop</div><p>{}</p>',
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p>From:</p></div><p>{}</p>',
    '<div name="quote">{}</div>',
    '<div class="gmail_signature">{}</div>',
    "<p>-----Original Message-----</p><p>{}</p>",
    "<p>From: Shop<br>Sent: Monday<br>To: Ada<br>Subject: order</p><p>{}</p>",
]


@pytest.mark.parametrize("quote", HTML_QUOTES)
def test_html_quotes_of_every_client(quote: str) -> None:
    assert texts(html_letter("<div>cancel</div>" + quote.format("7B4VYMBRQNAR, 1"))) == ["cancel"]


def test_an_indented_paragraph_is_no_quote() -> None:
    raw = html_letter(f'<blockquote style="margin:0 0 0 40px;border:none;padding:0px">{ORDER}</blockquote>')
    assert texts(raw) == [ORDER]


def test_an_answer_below_an_html_quote_stays() -> None:
    assert texts(html_letter(f'<blockquote type="cite">7B4VYMBRQNAR, 1</blockquote><p>{ORDER}</p>')) == [ORDER]


def test_gmail_forwards_in_a_quote() -> None:
    inner = '<div class="gmail_attr">---------- Forwarded message ---------<br>From: Bob</div>'
    found = read(html_letter(f'<div>see</div><div class="gmail_quote">{inner}{ORDER}</div>'))
    assert found.forwarded
    assert [text for _, text in found.lines] == ["see"]
