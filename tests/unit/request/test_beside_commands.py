"""Beside "again", a yes or a cancellation only what is known to be harmless lets it be done."""

import pytest

from daemon.request import read
from daemon.request.regrets import is_regret
from daemon.request.shapes import Ask, AskKind, CancelOrder, ForPerson, PlaceOrder, Reason, Request, ShipTo, Yes
from tests.unit.request.hand_written import letter

NUMBER = "MO-7K3F-9Q2D"
EVE = "Eve Ode\n9 Elm Street\nBath, ME 04530"
HARMLESS = (
    "|Ada|Ada Lovelace|ada|thank you so much/Ada|Kind regards/Karen|Have a nice day!|Hi,|Sent from my iPhone|"
    "Von meinem iPhone gesendet|Get Outlook for iOS|Ada Lovelace/Analytical Engines Ltd/+1 555 0100/www.engines.example"
)
MORE = (
    "But without the teapot this time.|with 3 lamps|in May|if you still have the lamps at the old price|"
    "Analytical Engines Ltd|Teapot|Only Two|the blue ones|but to my mother|nur eine|sans la théière|pas la lampe|"
    "for Christmas|The same, only blue|to my brother, 9 Elm Street, Bath, ME 04530|Next week|nächste Woche"
)


def reply(body: str, subject: str = f"Re: Order {NUMBER} confirmed") -> Request:
    return read(letter(subject, body.replace("/", "\n"), replies_to=("1@shop.example",)))


def reasons(request: Request) -> set[Reason]:
    assert isinstance(request, Ask | Yes)
    return {fault.reason for fault in request.faults}


@pytest.mark.parametrize("beside", HARMLESS.split("|"))
def test_what_is_harmless_is_no_doubt(beside: str) -> None:
    assert read(letter(f"again {NUMBER}", beside.replace("/", "\n"))) == Ask(AskKind.AGAIN, NUMBER)
    assert reply(f"yes/{beside}") == Yes()
    assert reply(f"cancel/{beside}") == CancelOrder((NUMBER,))


@pytest.mark.parametrize("beside", MORE.split("|"))
def test_anything_else_makes_again_and_yes_uncertain(beside: str) -> None:
    alone = read(letter(f"again {NUMBER}", beside.replace("/", "\n")))
    for request in (alone, reply(f"again please/{beside}"), reply(f"yes/{beside}")):
        assert isinstance(request, ForPerson) or reasons(request) & {Reason.SAID_BESIDE, Reason.NO_ADDRESS}


def test_an_address_in_prose_is_asked_for_and_one_with_its_key_is_taken() -> None:
    assert reasons(reply("again/to my brother, 9 Elm Street, Bath, ME 04530")) == {Reason.NO_ADDRESS}
    for word in ("again", "yes"):
        for key in ("Ship to:", "Address:"):
            request = reply(f"{word}\n{key}\n{EVE}")
            assert isinstance(request, Ask | Yes)
            assert (request.ship_to, request.faults) == (ShipTo("Eve Ode", ("9 Elm Street", "Bath, ME 04530")), ())


@pytest.mark.parametrize(
    "below", ["9 Elm Street\nBath, ME 04530", "Bath, ME 04530", "Engines Ltd\n9 Elm Street, Bath, ME 04530"]
)
def test_an_address_below_the_name_may_be_where_it_is_to_go_but_does_not_keep_from_cancelling(below: str) -> None:
    for name in ("Ada Lovelace\n", "Ada Lovelace, "):
        assert Reason.NO_ADDRESS in reasons(reply(f"again\n\n{name}{below}"))
        assert Reason.NO_ADDRESS in reasons(reply(f"yes\n\n{name}{below}"))
        assert reply(f"cancel\n\n{name}{below}") == CancelOrder((NUMBER,))


def test_a_figure_below_the_name_belongs_to_no_signature() -> None:
    assert reasons(reply("again/Ada/2")) == reasons(reply("again/Ada/2 Lamps")) == {Reason.SAID_BESIDE}


@pytest.mark.parametrize(
    "address", ["Ship to: Bath", "Ship to:", f"Ship to: {EVE}\n\nShip to: Ben, 1 Way, Rye, NY 10580"]
)
def test_an_address_that_is_none_is_asked_back(address: str) -> None:
    assert reasons(reply(f"again\n{address}"))
    assert reasons(reply(f"yes\n{address}"))


NOT_WHOLE = (
    "nicht stornieren|ne pas annuler|Bitte nicht|Bitte nicht!|no lo cancele|non annullare|the lamp|The teapot.|Teapot|"
    "1 x teapot|half of it|nur die Lampe|seulement la lampe|next week please|Call me before you do.|"
    "I am thinking about it|Then reorder with 3 lamps.|My sister's order too.|Nein!|Only Lamp|if it is not too late|"
    f"Ship to: {EVE}|BJ02R0G72U8V|Tell me first"
)


@pytest.mark.parametrize("beside", NOT_WHOLE.split("|"))
def test_beside_anything_else_nothing_is_cancelled(beside: str) -> None:
    requests = [reply(f"cancel\n{beside}"), read(letter(f"cancel {NUMBER}", beside))]
    for request in requests:
        assert not (isinstance(request, CancelOrder) and not request.faults)


REASONS = (
    "changed my mind|Too expensive|I changed my mind|"
    "I have changed my mind.|I no longer need it.|Sorry, I don't need it any more|No longer needed|"
    "ordered by mistake|It was a mistake.|I found it cheaper elsewhere.|We have already bought one elsewhere|"
    "I found it elsewhere for less|I ordered it twice|I cannot afford it|I don't want it anymore, sorry|"
    "Ich brauche sie nicht mehr.|Ich habe es mir anders überlegt|War ein Versehen|aus Versehen bestellt|"
    "Ich habe es woanders günstiger gefunden|J'ai changé d'avis|Je n'en ai plus besoin|par erreur|"
    "Je l'ai trouvé moins cher ailleurs|He cambiado de idea|Ya no lo necesito|fue un error|"
    "lo encontré más barato|Ho cambiato idea|non mi serve più|ordinato per sbaglio|l'ho trovato altrove|"
    "It's not needed anymore.|I no longer want to buy it.|Thank you and sorry for the inconvenience|"
    "Sorry for the trouble!|Please confirm the cancellation."
)


@pytest.mark.parametrize("reason", REASONS.split("|"))
def test_a_reason_to_cancel_cancels(reason: str) -> None:
    assert reply(f"cancel\n{reason}\nAda") == CancelOrder((NUMBER,))
    assert read(letter(f"cancel {NUMBER}", reason)) == CancelOrder((NUMBER,))


@pytest.mark.parametrize(
    "body",
    [
        "Hi, I no longer need this order, please cancel it.",
        "I changed my mind, cancel please",
        "Sorry, I changed my mind so please cancel my order.",
        "Please cancel it, I found it cheaper elsewhere",
        "Please cancel this order because I ordered it by mistake.",
        "Ich brauche die Bestellung nicht mehr, bitte stornieren.",
        "I don't need it anymore. Cancel it please. Please confirm.",
    ],
)
def test_a_reason_in_the_same_sentence_cancels(body: str) -> None:
    assert reply(body) == CancelOrder((NUMBER,))
    assert read(letter(f"my order {NUMBER}", body)) == CancelOrder((NUMBER,))


@pytest.mark.parametrize(
    ("cancels", "sentence"),
    [
        (True, "Je voudrais annuler ma commande NUMBER, s'il vous plaît."),
        (True, "Merci d'annuler ma commande NUMBER"),
        (True, "Ich möchte meine Bestellung NUMBER stornieren."),
        (True, "Quisiera cancelar mi pedido NUMBER, por favor."),
        (True, "Vorrei annullare il mio ordine NUMBER"),
        (False, "Por favor, no cancele mi pedido NUMBER"),
        (False, "Ne pas annuler ma commande NUMBER"),
        (False, "Bitte nicht stornieren NUMBER"),
        (False, "Non annulli il mio ordine NUMBER"),
    ],
)
def test_a_cancellation_in_the_languages_of_our_customers(cancels: bool, sentence: str) -> None:
    request = read(letter("", sentence.replace("NUMBER", NUMBER)))
    assert request == CancelOrder((NUMBER,)) if cancels else isinstance(request, ForPerson)


@pytest.mark.parametrize(
    "text",
    [
        "I no longer need the lamp", "I changed my mind about the lamp", "I changed my mind, keep it", "I need it",
        "one was a mistake", "I found the lamp cheaper elsewhere", "I no longer need it until May",
        "the cancellation was a mistake",
        "I don't want it cancelled", "Ich brauche sie doch", "I changed my mind, do not cancel", "my mistake, only two",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_reason_is_none(text: str) -> None:
    assert not is_regret(text)
    request = reply(f"cancel\n{text}")
    assert not (isinstance(request, CancelOrder) and not request.faults)


@pytest.mark.parametrize("address", ["same address as before", "Please send it to the usual address."])
def test_where_it_goes_anyway_is_harmless(address: str) -> None:
    assert reasons(reply(f"again\n{address}")) == reasons(reply(f"yes\n{address}")) == set()
    assert reasons(reply(f"again\nShip to: {EVE}\n\n{address}")) == {Reason.SAID_BESIDE}


def test_a_stop_of_our_mails_below_a_cancellation_leaves_it_as_it_is() -> None:
    assert read(letter(f"cancel {NUMBER}", "stop sending me offers")) == CancelOrder((NUMBER,))
    assert not isinstance(read(letter(f"cancel {NUMBER}", "stop")), CancelOrder)


FORM = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\nItems:\nBJ02R0G72U8V, 2\n\n"


def test_a_stop_of_our_mails_beside_an_order_leaves_it_as_it_is() -> None:
    request = read(letter("order", f"{FORM}stop sending me offers"))
    assert isinstance(request, PlaceOrder)
    assert (len(request.items), request.faults) == (1, ())


def test_stop_alone_beside_an_order_is_asked_back_with_its_lines() -> None:
    request = read(letter("order", f"{FORM}stop"))
    assert isinstance(request, PlaceOrder)
    assert [fault.reason for fault in request.faults] == [Reason.SAID_BESIDE]
    assert len(request.items) == 1
