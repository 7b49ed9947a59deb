"""A letter of several commands: a transcript, each done in its turn, and the mails that tell of it."""

import pytest

from daemon.handle import Desk
from store import catalogue
from store.facts import Product
from tests.e2e.letters import LAMP, POT, letter, number_in, order_of, text_of
from tests.integration.handle.counter import ADA, BEN, START, Counter, passed


@pytest.fixture
def counter(desk: Desk) -> Counter:
    with desk.shop.transaction() as connection:
        catalogue.add(connection, [Product(POT, "Pot", "", price=450, on_hand=0)], "test", START)
    return Counter(desk)


def test_each_is_done_in_its_turn_and_the_transcript_comes_first(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    number = number_in(counter.deliver()[0])
    body = f"cancel {number}\nstatus {number}\nnotify {POT}\nI no longer need it.\n"
    (fate,) = counter.hand_in(passed(ADA) + letter(ADA, "hello", body))
    assert fate == ("done", "several")
    transcript, *answers = counter.deliver()
    assert transcript["Subject"] == "What we made of your letter"
    assert len(answers) == 3
    subjects = {str(mail["Subject"]) for mail in answers}
    assert {f"Order {number} is cancelled", f"Order {number} was cancelled"} < subjects, "told as it is by then"
    assert counter.ask("SELECT count(*) FROM wish") == 1
    assert dict(counter.rows("SELECT product_id, on_hand FROM product"))[LAMP] == 10


def test_a_cancellation_with_more_beside_it_is_read_by_a_person_and_the_rest_is_done(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    number = number_in(counter.deliver()[0])
    body = f"cancel {number}\nstatus {number}\nnotify {POT}\nand a kiss\n"
    (fate,) = counter.hand_in(passed(ADA) + letter(ADA, "hello", body))
    assert fate == ("done", "several")
    mails = counter.deliver()
    assert any("and a kiss" in text_of(mail) for mail in mails)
    (forwarded,) = [mail for mail in mails if str(mail["Subject"]).startswith("For a person")]
    assert "a question was answered" in " ".join(text_of(forwarded).split())
    assert counter.ask('SELECT state FROM "order"') == "placed"
    assert counter.ask("SELECT count(*) FROM wish") == 1


def test_two_answers_of_a_kind_are_two_mails(counter: Counter) -> None:
    (fate,) = counter.hand_in(passed(ADA) + letter(ADA, "", f"notify {POT}\nnotify {LAMP}\nnotify NONE1234"))
    assert fate == ("done", "several")
    assert len(counter.deliver()) == 4
    assert counter.ask("SELECT count(*) FROM wish") == 1


def test_what_is_personal_is_asked_back_in_a_mail_of_its_own(counter: Counter) -> None:
    (fate,) = counter.hand_in(letter(ADA, "", "erase my data\nmy orders\nexport my data"))
    assert fate == ("held", "several")
    (erase,) = [mail for mail in counter.deliver() if "say yes" in str(mail["Subject"])]
    assert counter.answer(ADA, erase, "yes")[0] == ("done", "erased")


def test_nobody_is_told_anything_of_somebody_else(counter: Counter) -> None:
    counter.hand_in(order_of(BEN, f"{LAMP}, 4"))
    number = number_in(counter.deliver()[0])
    counter.hand_in(letter(ADA, "", f"cancel {number}\nstatus {number}\nmy orders"))
    for mail in counter.deliver():
        assert mail["To"] == ADA
        assert "Lovelace" not in text_of(mail)
    assert counter.ask('SELECT state FROM "order"') == "placed"


def test_a_stop_beside_a_complaint_is_heard_and_a_person_reads_it(counter: Counter) -> None:
    (fate,) = counter.hand_in(letter(ADA, "", "stop\nmy orders\nYour lamp arrived broken."))
    assert fate == ("done", "several")
    assert counter.ask("SELECT allowed FROM consent WHERE subject = 'offers'") in (0, False)
    assert "people@shop.example" in [mail["To"] for mail in counter.deliver()]


def test_a_letter_in_a_batch_counts_once(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    number = number_in(counter.deliver()[0])
    batch = [letter(ADA, "", f"cancel {number}\nhelp"), order_of(BEN, f"{LAMP}, 10"), order_of(BEN, f"{LAMP}, 1")]
    reasons = [reason for _, reason in counter.hand_in(*batch)]
    assert reasons == ["several", "placed", "not_enough_stock"]
    assert dict(counter.rows("SELECT product_id, on_hand FROM product"))[LAMP] == 0
