"""Short letters with more beside them, through the real books: nothing is done that the letter may not mean, what is
done is said, and a stop is always heard.
"""

from email.message import EmailMessage

import pytest

from daemon.handle import Desk
from store import outbox
from store.facts import JSON, OFFER, Mail
from tests.e2e.letters import HOME, LAMP, follow, number_in, order_of, reply, text_of
from tests.integration.handle.counter import ADA, Counter, links_in

EVE = "Eve Ode\n9 Elm Street\nBath, ME 04530"
STANDING = "SELECT count(*) FROM \"order\" WHERE state = 'placed'"
STOPPED = "SELECT count(*) FROM consent WHERE subject = 'offers' AND NOT allowed"


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


@pytest.fixture
def confirmed(counter: Counter) -> EmailMessage:
    counter.hand_in(order_of(ADA, f"{LAMP}, 2"))
    (confirmation,) = counter.deliver()
    counter.passes(days=1)
    return confirmation


def said(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


MORE = ["But without the lamp this time.", "with 3 lamps", "in May", "if they still cost that", "to my mother, please"]


@pytest.mark.parametrize("beside", MORE)
def test_again_with_more_beside_it_shows_the_order_ready_to_send(
    counter: Counter, confirmed: EmailMessage, beside: str
) -> None:
    fate, (shown,) = counter.answer(ADA, confirmed, f"again please\n\n{beside}")
    assert fate[0] == "refused"
    assert beside in said(shown)
    assert counter.ask(STANDING) == 1
    assert counter.answer(ADA, shown, f"{LAMP}, 3")[0] == ("done", "placed")
    assert counter.ask(STANDING) == 2


def test_again_goes_where_the_letter_says(counter: Counter, confirmed: EmailMessage) -> None:
    fate, (told,) = counter.answer(ADA, confirmed, f"again\n\nShip to:\n{EVE}")
    assert fate == ("done", "placed")
    assert "9 Elm Street" in said(told)
    assert HOME[1] not in said(told).split("On Monday")[0]


def test_an_address_in_prose_beside_again_is_asked_for_and_the_old_one_not_proposed(
    counter: Counter, confirmed: EmailMessage
) -> None:
    fate, (shown,) = counter.answer(ADA, confirmed, "again\n\nbut to my mother, 9 Elm Street, Bath, ME 04530")
    assert fate[0] == "refused"
    assert HOME[1] not in said(shown)
    assert counter.ask(STANDING) == 1


def held(counter: Counter) -> EmailMessage:
    counter.hand_in(order_of(ADA, f"{LAMP}, 1"), order_of(ADA, f"{LAMP}, 1"))
    return next(mail for mail in counter.deliver() if "again" in str(mail["Subject"]))


@pytest.mark.parametrize("yes", ["ja", "Ja, bitte", "oui", "sí", "ok", "Yes, book it again please", "jawohl\n\nAda"])
def test_a_yes_in_any_words_books_what_was_held(counter: Counter, yes: str) -> None:
    assert counter.answer(ADA, held(counter), yes)[0] == ("done", "placed_after_question")


@pytest.mark.parametrize("beside", ["yes\n\nbut blue", "yes, twice", "ja\n\naber nur eine", "yes\n\nto my mother"])
def test_a_yes_with_more_beside_it_books_nothing(counter: Counter, beside: str) -> None:
    (outcome, _), _ = counter.answer(ADA, held(counter), beside)
    assert outcome in ("refused", "person")
    assert counter.ask(STANDING) == 1


def test_a_yes_with_an_address_shows_the_order_with_that_address(counter: Counter) -> None:
    fate, (shown,) = counter.answer(ADA, held(counter), f"yes\n\nShip to:\n{EVE}")
    assert fate == ("refused", "said_beside")
    assert counter.ask(STANDING) == 1
    assert "9 Elm Street" in said(shown)
    assert HOME[1] not in said(shown)
    (link,) = [link for link in links_in(shown) if "9%20Elm" in link]
    assert counter.hand_in(follow(ADA, link)) == [("done", "placed")]


@pytest.fixture
def offer(counter: Counter, confirmed: EmailMessage) -> EmailMessage:
    lamp: JSON = {"product_id": LAMP, "name": "Lamp", "price": 1999, "category": "", "source": "best_seller"}
    lamp |= {"after": [], "together": None, "antecedents": None}
    told: JSON = {"number": number_in(confirmed), "products": [lamp]}
    mail = Mail(
        event_key="offer:1",
        kind=OFFER,
        facts=told,
        due_at=counter.now,
        hashed_email=counter.desk.vault.hashed(ADA),
        letter_id=None,
        order_number=number_in(confirmed),
        token="0f" * 16,
    )
    with counter.desk.shop.transaction() as connection:
        outbox.enqueue(connection, [mail], counter.now)
    made = EmailMessage()
    made["Subject"], made["Message-ID"] = "Lamp: an idea after your order", f"<{'0f' * 16}@shop.example>"
    made.set_content("Others also bought it.\n")
    return made


NO_MORE = (
    "Please stop sending me these|I do not want any more offers|stop spamming me|no more of these please|"
    "Bitte keine Werbung mehr|Abmelden|Je ne veux plus recevoir vos offres|No quiero más ofertas|"
    "Non voglio più offerte|Please take me off|I don't want these any more.\n\nAda"
)


@pytest.mark.parametrize("words", NO_MORE.split("|"))
def test_who_wants_no_more_offers_gets_none(counter: Counter, offer: EmailMessage, words: str) -> None:
    fate, (told,) = counter.answer(ADA, offer, words)
    assert fate == ("done", "stopped")
    assert "no more offers" in said(told)
    assert counter.ask(STOPPED) == 1


def test_beside_a_complaint_the_stop_is_heard_and_a_person_reads_the_rest(
    counter: Counter, offer: EmailMessage
) -> None:
    fate, mails = counter.answer(ADA, offer, "The lamp was broken. I do not want to get such mails any more!")
    assert fate == ("person", "complaint")
    assert counter.ask(STOPPED) == 1
    told = [said(mail) for mail in mails]
    assert len(told) == 3
    assert not any("Nothing was" in one for one in told)


@pytest.mark.parametrize("words", ["yes please", "Do you have more of these?", "2", "no", "nein danke"])
def test_any_other_reply_to_an_offer_stops_nothing(counter: Counter, offer: EmailMessage, words: str) -> None:
    counter.answer(ADA, offer, words)
    assert counter.ask(STOPPED) == 0


def test_a_yes_to_an_offer_goes_where_the_letter_says(counter: Counter, offer: EmailMessage) -> None:
    fate, (told,) = counter.answer(ADA, offer, f"yes\n\nShip to:\n{EVE}")
    assert fate == ("done", "placed")
    assert "9 Elm Street" in said(told)


def test_a_yes_to_an_offer_with_more_beside_it_is_asked_back(counter: Counter, offer: EmailMessage) -> None:
    fate, mails = counter.answer(ADA, offer, "yes\n\nthe blue one please")
    (shown,) = [mail for mail in mails if "second look" in str(mail["Subject"])]
    assert fate == ("refused", "said_beside")
    assert f"{LAMP}, 1" in text_of(shown)
    assert counter.ask(STANDING) == 1


@pytest.mark.parametrize(
    "beside", ["nicht stornieren", "Bitte nicht!", "the lamp", "half of it", "next week please", "Then reorder with 3."]
)
def test_a_cancellation_with_more_beside_it_is_read_by_a_person(
    counter: Counter, confirmed: EmailMessage, beside: str
) -> None:
    (outcome, _), mails = counter.answer(ADA, confirmed, f"cancel\n\n{beside}")
    assert outcome == "person"
    assert counter.ask(STANDING) == 1
    assert any("Nothing was booked, cancelled or changed." in said(mail) for mail in mails)


def test_a_reason_cancels(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 2"))
    (confirmation,) = counter.deliver()
    fate, _ = counter.answer(ADA, confirmation, "Hi, I no longer need this order, please cancel it.")
    assert fate == ("done", "cancelled")


def test_an_answered_question_is_told_to_the_person_and_to_the_customer(counter: Counter) -> None:
    _, mails = counter.write(ADA, "products under $30", "My parrot speaks Latin.")
    told = [said(mail) for mail in mails]
    assert sum("a question was answered" in one for one in told) == 2
    assert not any("Nothing was" in one for one in told)


def test_a_stop_beside_what_is_asked_back_is_said_to_be_done(counter: Counter) -> None:
    _, mails = counter.write(ADA, "", "my orders\nstop\nagain")
    assert any("nothing else: no more offers are sent" in said(mail) for mail in mails)


def test_a_stop_beside_an_order_is_done_with_it(counter: Counter) -> None:
    raw = order_of(ADA, f"{LAMP}, 2", "", "stop sending me offers")
    assert counter.hand_in(raw) == [("done", "placed")]
    assert counter.ask(STOPPED) == 1
    assert any("no more offers" in said(mail) for mail in counter.deliver())


@pytest.mark.parametrize("asking", ["erase my data", "export my data"])
def test_a_no_to_the_question_who_wrote_needs_no_person(counter: Counter, asking: str) -> None:
    (question,) = counter.write(ADA, asking)[1]
    fate, (told,) = counter.answer(ADA, question, "No, that was not me")
    assert fate == ("done", "declined")
    assert "nothing is" in said(told)


@pytest.mark.parametrize(("how", "why"), [("erase", "data erased"), ("bounce", "mail to it failed")])
def test_a_person_is_told_why_nobody_is_written_to(counter: Counter, how: str, why: str) -> None:
    if how == "erase":
        (question,) = counter.write(ADA, "erase my data", proven=True)[1]
        counter.hand_in(reply(ADA, question, "yes"))
        counter.deliver()
    else:
        from store import customers

        with counter.desk.shop.transaction() as connection:
            customers.suppress(connection, [counter.desk.vault.hashed(ADA)], "hard_bounce", counter.now)
    fate, (forwarded,) = counter.write(ADA, "my orders")
    assert fate == ("person", "suppressed")
    assert why in said(forwarded)


def test_more_behind_the_last_page_is_told_that_it_was_all(counter: Counter) -> None:
    (page,) = counter.write(ADA, "catalog")[1]
    fate, (told,) = counter.answer(ADA, page, "more")
    assert fate == ("done", "nothing_found")
    assert "there is no more of it" in said(told)
