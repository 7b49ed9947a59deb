"""Export and erasure by letter: only for whom it is about, all of it, and for good."""

import csv
import io
import json
from datetime import timedelta
from email.message import EmailMessage

import pytest

from daemon.handle import Desk
from daemon.handle.staff import NotDoneError, book_held
from store import customers, orders
from store.facts import MailState
from store.sweep import sweep
from tests.e2e.letters import HOME, LAMP, letter, number_in, order_of, reply, text_of
from tests.integration.handle.counter import ADA, BEN, Counter, passed


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


def orders_one(counter: Counter, sender: str = ADA) -> str:
    assert counter.hand_in(order_of(sender, f"{LAMP}, 2")) == [("done", "placed")]
    (confirmation,) = counter.deliver()
    return number_in(confirmation)


def files(mail: EmailMessage) -> dict[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True)  # type: ignore[misc]
        for part in mail.iter_attachments()
    }


def belongings(counter: Counter, sender: str) -> tuple[object, ...]:
    return counter.desk.vault.belongings(counter.desk.vault.hashed(sender))


# Export


def test_the_copy_holds_everything_of_hers_and_nothing_of_anybody_else(counter: Counter) -> None:
    mine, theirs = orders_one(counter), orders_one(counter, BEN)
    counter.hand_in(letter(ADA, f"change {mine}", f"{LAMP}, 3\n"), letter(ADA, "notify NOSUCH1234"))
    counter.deliver()
    fate, (mail,) = counter.write(ADA, "export my data", proven=True)
    assert (fate, mail["To"]) == (("done", "exported"), ADA)
    found = files(mail)
    assert sorted(found) == ["addresses.csv", "consent.csv", "customer.json", "letters.csv", "mails.csv", "orders.csv"]
    whole = json.loads(found["customer.json"])
    assert whole["email"] == ADA
    assert [order["number"] for order in whole["orders"]] == [mine]
    assert whole["shipping_addresses"][0]["lines"] == list(HOME[1:])
    assert whole["changed_orders"][0]["before"][0]["quantity"] == 2
    assert len(whole["letters"]) == 4
    assert "unit_cost" not in found["customer.json"].decode()
    rows = list(csv.DictReader(io.StringIO(found["orders.csv"].decode("utf-8-sig"))))
    assert [(row["order_id"], row["quantity"], row["unit_price"]) for row in rows] == [(mine, "3", "19.99")]
    for content in found.values():
        assert theirs not in content.decode()
        assert BEN not in content.decode()


def test_each_record_stands_in_a_line_of_its_own(counter: Counter) -> None:
    """So that a person can read it, and no two of them stick together whatever is written in them."""
    mine = [orders_one(counter)]
    counter.passes(days=1)
    mine.append(orders_one(counter))
    counter.write(ADA, "notify {and}, [more],", "a line\n that\u2028breaks\n},\n{\n")
    _, (mail,) = counter.write(ADA, "export my data", proven=True)
    lines = files(mail)["customer.json"].decode().split("\n")
    begin = lines.index('"orders": [')
    orders = [json.loads(line.removesuffix(",")) for line in lines[begin + 1 : lines.index("],", begin)]]
    assert {order["number"] for order in orders} == set(mine)
    assert "unit_cost" not in orders[0]["lines"][0]
    assert json.loads("\n".join(lines))["orders"] == orders


def test_it_is_made_when_it_is_sent_and_kept_nowhere(counter: Counter) -> None:
    orders_one(counter)
    (fate,) = counter.hand_in(passed(ADA) + letter(ADA, "export my data"))
    later = counter.hand_in(order_of(ADA, f"{LAMP}, 1", home=("Ada", "1 Engine Yard", "Denver, CO 80203")))
    assert [fate, *later] == [("done", "exported"), ("done", "placed")]
    mail = next(mail for mail in counter.deliver() if "hold" in str(mail["Subject"]))
    assert b"Engine Yard" in files(mail)["customer.json"]
    assert counter.rows("SELECT facts FROM outbox WHERE kind = 'own_data'") in ([("{}",)], [({},)])


def test_who_is_not_proven_gets_it_for_a_yes_once(counter: Counter) -> None:
    orders_one(counter)
    fate, (question,) = counter.write(ADA, "Please send me my data")
    assert fate == ("held", "proof_asked")
    assert files(question) == {}
    fate, (mail,) = counter.answer(ADA, question, "yes")
    assert fate == ("done", "exported")
    assert "customer.json" in files(mail)
    assert counter.answer(ADA, question, "yes")[0] == ("refused", "proof_spent")


@pytest.mark.parametrize("said", ["Yes please erase my data", "ok", "Ja bitte", "Yes, that was me.\n\n-- \nAda"])
def test_who_says_yes_in_her_own_words_is_erased(counter: Counter, said: str) -> None:
    question = asked_to_erase(counter)
    assert counter.answer(ADA, question, said)[0] == ("done", "erased")


@pytest.mark.parametrize(
    "said", ["yes?", "yes erase Ben's data", "yes. Please erase Ben's data, too", "yes but not all"]
)
def test_what_is_not_plainly_yes_erases_nobody(counter: Counter, said: str) -> None:
    question = asked_to_erase(counter)
    assert counter.answer(ADA, question, said)[0][0] == "person"
    assert counter.answer(ADA, question, "yes")[0] == ("done", "erased")


@pytest.mark.parametrize("hours", [25, 400])
def test_the_question_is_good_for_a_day(counter: Counter, hours: int) -> None:
    _, (question,) = counter.write(ADA, "export my data")
    counter.passes(hours=hours)
    fate, (mail,) = counter.answer(ADA, question, "yes")
    assert fate == ("refused", "proof_too_old")
    assert files(mail) == {}


def test_two_yes_in_a_batch_count_once(counter: Counter) -> None:
    _, (question,) = counter.write(ADA, "export my data")
    assert counter.hand_in(reply(ADA, question, "yes"), reply(ADA, question, "Yes!")) == [
        ("done", "exported"),
        ("refused", "proof_spent"),
    ]


def test_somebody_elses_yes_is_none(counter: Counter) -> None:
    orders_one(counter)
    _, (question,) = counter.write(ADA, "export my data")
    assert counter.answer(BEN, question, "yes")[0] == ("refused", "yes_to_what")
    assert counter.answer(ADA, question, "yes")[0] == ("done", "exported")


# Erasure


def asked_to_erase(counter: Counter, sender: str = ADA) -> EmailMessage:
    fate, (question,) = counter.write(sender, "erase my data", proven=True)
    assert fate == ("held", "proof_asked")
    return question


def test_erasing_is_asked_back_even_where_the_sender_is_believed(counter: Counter) -> None:
    question = asked_to_erase(counter)
    assert "cannot be undone" in text_of(question)
    assert belongings(counter, ADA)[0] == ADA


def test_a_parcel_to_be_sent_keeps_it_from_being_done(counter: Counter) -> None:
    number = orders_one(counter)
    fate, (mail,) = counter.write(ADA, "erase my data", proven=True)
    assert fate == ("refused", "orders_on_their_way")
    assert number in text_of(mail)
    fate, (question,) = counter.write(ADA, "erase my data")
    assert fate == ("held", "proof_asked")
    assert number not in text_of(question)
    assert counter.answer(ADA, question, "yes")[0] == ("refused", "orders_on_their_way")


@pytest.mark.parametrize("how", ["cancelled", "fulfilled", "a month ago"])
def test_then_everything_goes_but_the_orders_and_one_last_mail_comes(counter: Counter, how: str) -> None:
    number = orders_one(counter)
    if how == "cancelled":
        counter.write(ADA, f"cancel {number}")
    elif how == "fulfilled":
        with counter.desk.shop.transaction() as connection:
            orders.fulfil(connection, [number], counter.now)
    else:
        counter.passes(days=31)
    before = counter.rows('SELECT number, state FROM "order"')
    question = asked_to_erase(counter)
    (fate,) = counter.hand_in(reply(ADA, question, "yes"))
    assert fate == ("done", "erased")
    email, addresses, enclosures = belongings(counter, ADA)
    assert (email, addresses, len(enclosures)) == (ADA, [], 1)  # type: ignore[arg-type]
    (mail,) = counter.deliver()
    assert (mail["To"], mail["Subject"]) == (ADA, "Your data is erased")
    assert belongings(counter, ADA) == (None, [], [])
    assert counter.rows('SELECT number, state FROM "order"') == before
    assert counter.ask('SELECT count(*) FROM "order" WHERE address_id IS NOT NULL') == 0


def erased(counter: Counter) -> None:
    question = asked_to_erase(counter)
    assert counter.hand_in(reply(ADA, question, "yes")) == [("done", "erased")]


def test_nothing_that_waits_is_sent_and_mail_stays_stopped(counter: Counter) -> None:
    question = asked_to_erase(counter)
    batch = [letter(ADA, "help"), letter(ADA, "export my data"), reply(ADA, question, "yes"), letter(ADA, "help")]
    assert [reason for _, reason in counter.hand_in(*batch)][2:] == ["erased", "suppressed"]
    to_her = [mail for mail in counter.deliver() if mail["To"] == ADA]
    assert [mail["Subject"] for mail in to_her] == ["Your data is erased"]
    assert counter.ask("SELECT count(*) FROM outbox WHERE state = 'suppressed'") == 2
    assert [mail["To"] for mail in counter.write(ADA, "help")[1]] == ["people@shop.example"]


def test_the_last_mail_that_is_refused_for_good_leaves_nothing_either(counter: Counter) -> None:
    erased(counter)
    counter.relay.refuses = True
    counter.deliver()
    assert counter.ask("SELECT state FROM outbox WHERE kind = 'erased'") == MailState.DEAD.value
    assert belongings(counter, ADA) == (None, [], [])
    with counter.desk.shop.reading() as connection:
        hashed = counter.desk.vault.hashed(ADA)
        assert customers.erased(connection, [hashed]) == {hashed}


def test_a_crash_before_the_address_was_forgotten_is_swept_up(counter: Counter) -> None:
    erased(counter)
    counter.passes(days=2)
    sweep(counter.desk.shop, counter.desk.vault, counter.now - timedelta(days=1))
    assert belongings(counter, ADA)[0] == ADA, "the last mail is still to be sent"
    with counter.desk.shop.transaction() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'sent', settled_at = created_at WHERE kind = 'erased'")
    sweep(counter.desk.shop, counter.desk.vault, counter.now - timedelta(days=1))
    assert belongings(counter, ADA) == (None, [], [])


def test_an_order_refused_in_the_same_batch_leaves_no_address(counter: Counter) -> None:
    question = asked_to_erase(counter)
    batch = [order_of(ADA, f"{LAMP}, 99"), reply(ADA, question, "yes")]
    assert [reason for _, reason in counter.hand_in(*batch)] == ["not_enough_stock", "erased"]
    counter.deliver()
    assert belongings(counter, ADA) == (None, [], [])


def test_of_several_erased_in_one_batch_each_is_told(counter: Counter) -> None:
    people = [ADA, BEN, "eve@third.example"]
    asked = [counter.write(person, "erase my data")[1][0] for person in people]
    yeses = [reply(person, mail, "yes") for person, mail in zip(people, asked, strict=True)]
    assert counter.hand_in(*yeses) == [("done", "erased")] * 3
    assert sorted(str(mail["To"]) for mail in counter.deliver()) == sorted(people)


def test_a_held_order_of_who_is_gone_is_never_booked(counter: Counter) -> None:
    orders_one(counter)
    assert counter.hand_in(order_of(ADA, f"{LAMP}, 2")) == [("held", "same_order")]
    held = str(counter.ask("SELECT number FROM \"order\" WHERE state = 'held'"))
    counter.passes(days=31)
    counter.deliver()
    erased(counter)
    with pytest.raises(NotDoneError, match="no_address"):
        book_held(counter.desk, held, counter.now)


def test_others_stay_as_they_were(counter: Counter) -> None:
    number = orders_one(counter, BEN)
    erased(counter)
    counter.deliver()
    assert belongings(counter, BEN)[0] == BEN
    assert counter.write(BEN, f"cancel {number}")[0] == ("done", "cancelled")
