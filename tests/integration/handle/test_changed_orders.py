"""Orders changed and repeated by letter, through the real books: stock, revisions, mails, and who may do it."""

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote

import pytest

from daemon.handle import Desk
from daemon.handle.staff import cancel_by_staff
from store import catalogue, changing, orders
from store.facts import Product
from store.sweep import sweep
from tests.e2e.letters import HOME, LAMP, POT, follow, letter, links_in, number_in, order_of, text_of
from tests.integration.handle.counter import ADA, BEN, START, Counter, passed


@pytest.fixture
def counter(desk: Desk) -> Counter:
    with desk.shop.transaction() as connection:
        catalogue.add(connection, [Product(POT, "Pot", "", price=450, on_hand=3)], "test", START)
    return Counter(desk)


def placed(counter: Counter, *items: str, sender: str = ADA, proven: bool = False) -> str:
    (fate,) = counter.hand_in((passed(sender) if proven else b"") + order_of(sender, *items))
    assert fate == ("done", "placed")
    (confirmation,) = counter.deliver()
    return number_in(confirmation)


def on_hand(counter: Counter) -> tuple[int, int]:
    counted = dict(counter.rows("SELECT product_id, on_hand FROM product"))
    with counter.desk.shop.reading() as connection:
        assert catalogue.differences(connection) == []
    return int(str(counted[LAMP])), int(str(counted[POT]))


def lines_of(counter: Counter, number: str) -> dict[str, int]:
    with counter.desk.shop.reading() as connection:
        return {line.product_id: line.quantity for line in orders.by_numbers(connection, [number])[number].lines}


def test_a_change_moves_stock_both_ways_and_keeps_what_was(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    assert on_hand(counter) == (6, 3)
    fate, (mail,) = counter.write(ADA, f"change {number}", f"{LAMP}, 1\n{POT}, 2\n")
    assert fate == ("done", "changed")
    assert on_hand(counter) == (9, 1)
    assert lines_of(counter, number) == {LAMP: 1, POT: 2}
    assert number in str(mail["Subject"])
    assert HOME[1] in text_of(mail)
    with counter.desk.shop.reading() as connection:
        (revision,) = changing.changes(connection, [number])
    assert (revision.revision, revision.before_cents, revision.after_cents) == (1, 4 * 1999, 1999 + 900)
    assert [(line.product_id, line.quantity) for line in revision.before] == [(LAMP, 4)]


def test_it_can_be_changed_again_and_cancelled_then(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    changes = [letter(ADA, f"change {number}", f"{LAMP}, {quantity}\n") for quantity in (9, 2, 10)]
    assert counter.hand_in(*changes) == [("done", "changed")] * 3
    assert on_hand(counter) == (0, 3)
    assert counter.hand_in(letter(ADA, f"cancel {number}")) == [("done", "cancelled")]
    assert on_hand(counter) == (10, 3)
    assert counter.ask("SELECT max(revision) FROM order_revision") == 3
    assert counter.write(ADA, f"change {number}", f"{LAMP}, 1\n")[0] == ("refused", "already_cancelled")


def test_a_batch_may_order_change_and_cancel(counter: Counter) -> None:
    number = placed(counter, f"{POT}, 3")
    batch = [
        letter(ADA, f"change {number}", f"{LAMP}, 10\n"),
        order_of(BEN, f"{POT}, 3"),
        letter(ADA, f"cancel {number}"),
        order_of(BEN, f"{LAMP}, 10"),
    ]
    assert [reason for _, reason in counter.hand_in(*batch)] == ["changed", "placed", "cancelled", "placed"]
    assert on_hand(counter) == (0, 0)


def test_what_cannot_be_had_changes_nothing(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    fate, (mail,) = counter.write(ADA, f"change {number}", f"{LAMP}, 5\n{POT}, 4\n")
    assert fate == ("refused", "not_enough_stock")
    assert lines_of(counter, number) == {LAMP: 4}
    assert on_hand(counter) == (6, 3)
    corrected = next(link for link in links_in(mail) if "change" in link and "body" in link)
    assert counter.hand_in(follow(ADA, corrected)) == [("done", "changed")]
    assert lines_of(counter, number) == {LAMP: 5, POT: 3}


def test_the_refusal_is_answered_with_the_lines_alone(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    _, (mail,) = counter.write(ADA, f"change {number}", f"{POT}, 4\n")
    fate, _ = counter.answer(ADA, mail, f"{POT}, 3")
    assert fate == ("done", "changed")
    assert lines_of(counter, number) == {POT: 3}


def test_change_without_lines_is_answered_with_the_order_to_edit(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    fate, (mail,) = counter.write(ADA, f"change {number}")
    assert fate == ("refused", "no_items")
    link = next(link for link in links_in(mail) if "change" in link)
    assert counter.hand_in(follow(ADA, link)) == [("done", "nothing_to_change")]
    assert lines_of(counter, number) == {LAMP: 4}


def test_a_change_that_changes_nothing_leaves_every_row_as_it_was(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4", f"{POT}, 1")

    def books() -> list[object]:
        return [counter.rows(f'SELECT * FROM "{table}"') for table in ("order", "order_line", "stock_movement")]

    before = books()
    fate, (mail,) = counter.write(ADA, f"change {number}", f"{POT}, 1\n{LAMP}, 4\n")
    assert (fate, books()) == (("done", "nothing_to_change"), before)
    assert counter.rows("SELECT * FROM order_revision") == []
    assert "already" in text_of(mail)


def test_adding_throws_nothing_away_and_its_link_adds(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    fate, (mail,) = counter.write(ADA, f"change {number}", f"please add {POT}, 1\n")
    assert (fate, lines_of(counter, number)) == (("refused", "change_in_part"), {LAMP: 4})
    assert "put in" in text_of(mail)
    assert "as it was" in text_of(mail)
    link = next(link for link in links_in(mail) if "change" in link)
    assert counter.hand_in(follow(ADA, link)) == [("done", "changed")]
    assert lines_of(counter, number) == {LAMP: 4, POT: 1}
    assert on_hand(counter) == (6, 2)


@pytest.mark.parametrize(
    "said",
    [
        f"Please put in {POT}, 1",
        f"and {POT}, 1",
        f"I forgot:\n{POT}, 1",
        f"It misses\n{POT}, 1",
        f"{LAMP}, 3\n\nThe teapot is fine.",
        f"{LAMP}, 3\nUnd die Kanne wie gehabt",
        f"{LAMP}, 3\n\nI am very happy with everything in it apart from that.",
        f"{LAMP}, 3 this time",
        f"{LAMP}, 3 unless that is too many",
        f"upgrade {LAMP}, 3",
    ],
)
def test_whatever_else_a_change_says_throws_nothing_away(counter: Counter, said: str) -> None:
    number = placed(counter, f"{LAMP}, 4", f"{POT}, 2")
    fate, (mail,) = counter.write(ADA, f"change {number}", said)
    assert (fate[0], lines_of(counter, number)) == ("refused", {LAMP: 4, POT: 2})
    link = next(link for link in links_in(mail) if "change" in link)
    assert POT in link
    assert counter.hand_in(follow(ADA, link))[0][0] == "done"
    assert set(lines_of(counter, number)) == {LAMP, POT}


@pytest.mark.parametrize(
    "said",
    [
        f"3 x Lamp {LAMP} at $19.99\n{POT}, 1 pc",
        f"Please send me {LAMP}, 3\nand {POT}, 1",
        f"The new order is:\n\nLamps: {LAMP}, 3\nPot {POT}, 1\n\nThank you!\nAda",
        f"product_id\tquantity\n{LAMP}\t3\n{POT}\t1",
    ],
)
def test_what_says_no_more_than_the_whole_list_changes_the_order(counter: Counter, said: str) -> None:
    number = placed(counter, f"{LAMP}, 4")
    assert counter.write(ADA, f"change {number}", said)[0] == ("done", "changed")
    assert lines_of(counter, number) == {LAMP: 3, POT: 1}


def test_what_can_be_had_counts_what_the_order_holds(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    _, (mail,) = counter.write(ADA, f"change {number}", f"{LAMP}, 999\n")
    assert "10 in stock" in " ".join(text_of(mail).split())
    assert "6 in stock" not in text_of(mail)


def test_what_is_too_many_is_told_with_the_most_that_can_be_ordered(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 10000"), order_of(ADA, f"{LAMP}, 9998", f"{LAMP}, 3"))
    for mail in counter.deliver():
        assert "9,999" in text_of(mail).replace("9999", "9,999")


def test_adding_in_reply_to_the_confirmation_books_no_second_order(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    fate, (mail,) = counter.answer(ADA, confirmation, f"Hi,\n\nplease add {POT}, 1\n\nThanks")
    assert fate == ("refused", "change_in_part")
    assert counter.hand_in(follow(ADA, next(link for link in links_in(mail) if "change" in link)))[0][0] == "done"
    assert lines_of(counter, number_in(confirmation)) == {LAMP: 4, POT: 1}
    assert len(counter.rows('SELECT number FROM "order"')) == 1


def link_to(mail: EmailMessage, command: str) -> str:
    return next(link for link in links_in(mail) if f"subject={command}" in link and "body=" in link)


@pytest.mark.parametrize(
    "said", [f"{POT}, 1", f"Items:\n{POT}, 1", f"Hello,\n\nplease send me:\n{POT}, 1\n\nThanks\nAda"]
)
def test_lines_in_reply_to_a_confirmation_are_offered_as_a_change_and_as_an_order(counter: Counter, said: str) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    number = number_in(confirmation)
    fate, (mail,) = counter.answer(ADA, confirmation, said)
    assert (fate, lines_of(counter, number)) == (("refused", "new_or_change"), {LAMP: 4})
    assert f"order {number} stands" in " ".join(text_of(mail).split())
    assert "Nothing is reserved" not in text_of(mail)
    assert counter.hand_in(follow(ADA, link_to(mail, "order"))) == [("done", "placed")]
    assert on_hand(counter) == (6, 2)
    assert counter.hand_in(follow(ADA, link_to(mail, "change"))) == [("done", "changed")]
    assert (on_hand(counter), lines_of(counter, number)) == ((10, 1), {POT: 1})


def test_the_same_lines_in_reply_to_that_question_answer_it_not(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    _, (mail,) = counter.answer(ADA, confirmation, f"{POT}, 1")
    assert counter.answer(ADA, mail, f"{POT}, 1")[0] == ("refused", "new_or_change")
    assert counter.answer(ADA, mail, f"change\n\n{POT}, 1")[0] == ("done", "changed")


def test_what_speaks_of_the_rest_there_takes_nothing_out(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    fate, (mail,) = counter.answer(ADA, confirmation, f"{POT}, 1\n\nThe lamps are fine.")
    assert fate[0] == "refused"
    assert counter.hand_in(follow(ADA, link_to(mail, "change"))) == [("done", "nothing_to_change")]
    assert counter.hand_in(follow(ADA, link_to(mail, "order"))) == [("done", "placed")]
    assert lines_of(counter, number_in(confirmation)) == {LAMP: 4}


def test_a_new_order_beside_it_is_offered_without_what_the_first_one_holds(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    _, (mail,) = counter.answer(ADA, confirmation, f"{LAMP}, 8")
    assert counter.hand_in(follow(ADA, link_to(mail, "order"))) == [("done", "placed")]
    assert on_hand(counter)[0] == 0


def test_after_the_window_the_same_lines_can_only_be_a_new_order(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    counter.passes(hours=25)
    fate, (mail,) = counter.answer(ADA, confirmation, f"{POT}, 1")
    assert fate == ("refused", "new_or_change")
    assert number_in(confirmation) in text_of(mail)
    assert counter.hand_in(follow(ADA, link_to(mail, "order"))) == [("done", "placed")]
    assert lines_of(counter, number_in(confirmation)) == {LAMP: 4}


def test_the_mail_of_a_change_tells_what_it_took_out_and_put_in(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    _, (mail,) = counter.write(ADA, f"change {number}", f"{POT}, 1\n")
    assert "1 x Pot (put in)" in text_of(mail)
    assert "4 x Lamp (taken out)" in text_of(mail)


def test_after_the_window_it_is_too_late_and_arrival_decides(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    in_time = counter.now
    counter.passes(hours=25)
    change = letter(ADA, f"change {number}", f"{LAMP}, 1\n")
    assert counter.hand_in(change) == [("refused", "too_late")]
    again = letter(ADA, f"change {number}", f"{LAMP}, 2\n")
    assert counter.hand_in(again, at=in_time) == [("done", "changed")]


def test_what_has_left_the_house_or_staff_cancelled_stays(counter: Counter) -> None:
    gone, cancelled = placed(counter, f"{LAMP}, 1"), placed(counter, f"{LAMP}, 2")
    with counter.desk.shop.transaction() as connection:
        assert orders.fulfil(connection, [gone, "MO-2222-2222"], counter.now) == [gone]
        assert orders.cancel(connection, [gone], counter.now, "test") == []
        assert orders.fulfil(connection, [gone], counter.now) == []
    cancel_by_staff(counter.desk, cancelled, "test", counter.now)
    changes = [letter(ADA, f"change {number}", f"{POT}, 1\n") for number in (gone, cancelled)]
    assert counter.hand_in(*changes) == [("refused", "fulfilled"), ("refused", "already_cancelled")]
    assert on_hand(counter) == (9, 3)


def test_nobody_changes_or_repeats_the_order_of_somebody_else(counter: Counter) -> None:
    number = placed(counter, f"{LAMP}, 4")
    letters = [
        letter(BEN, f"change {number}", f"{LAMP}, 1\n", {"Reply-To": ADA}),
        letter(BEN, f"again {number}"),
        passed(BEN) + letter(BEN, f"change {number}", f"{LAMP}, 1\n"),
    ]
    assert counter.hand_in(*letters) == [("refused", "unknown"), ("refused", "which_order"), ("refused", "unknown")]
    assert lines_of(counter, number) == {LAMP: 4}
    for mail in counter.deliver():
        assert mail["To"] == BEN
        assert "Lovelace" not in str(mail)
        assert "Lamp" not in text_of(mail)


def test_a_proven_order_is_led_elsewhere_only_by_who_gets_its_mails(counter: Counter) -> None:
    (fate,) = counter.hand_in(passed(ADA) + order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    elsewhere = "Ship to: Mallory\n13 Back Alley\nDenver, CO 80299\n\nItems:\n" + f"{LAMP}, 4\n"
    fate, (mail,) = counter.write(ADA, f"change {number_in(confirmation)}", elsewhere)
    assert fate == ("refused", "address_not_proven")
    fate, (mail,) = counter.answer(ADA, confirmation, f"change\n\n{elsewhere}")
    assert fate == ("done", "changed")
    assert "13 Back Alley" in text_of(mail)


def test_again_books_the_same_to_the_same_place(counter: Counter) -> None:
    (fate,) = counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    (confirmation,) = counter.deliver()
    counter.passes(days=30)
    fate, (mail,) = counter.answer(ADA, confirmation, "Again, please!")
    assert fate == ("done", "placed")
    assert on_hand(counter) == (2, 3)
    assert HOME[1] in text_of(mail)
    fate, (refusal,) = counter.answer(ADA, mail, "the same order once more")
    assert fate == ("refused", "not_enough_stock")
    fate, (mail,) = counter.answer(ADA, refusal, f"{LAMP}, 2")
    assert fate == ("done", "placed")
    assert HOME[1] in text_of(mail)


def test_what_got_dearer_is_booked_by_a_yes_at_the_price_asked_about(counter: Counter) -> None:
    (fate,) = counter.hand_in(order_of(ADA, f"{LAMP}, 2"))
    (confirmation,) = counter.deliver()
    counter.passes(days=30)
    with counter.desk.shop.transaction() as connection:
        catalogue.change(connection, [Product(LAMP, "Lamp", "", price=2500, on_hand=0)])
    fate, (question,) = counter.write(ADA, f"again {number_in(confirmation)}")
    assert fate == ("held", "dearer")
    assert "$50.00" in text_of(question)
    assert on_hand(counter) == (8, 3)
    assert counter.answer(ADA, question, "yes")[0] == ("done", "placed_after_question")
    assert on_hand(counter) == (6, 3)


# Replies to a refusal with the lines alone


def refused(counter: Counter, proven: bool = False) -> EmailMessage:
    raw = order_of(ADA, f"{LAMP}, 11", home=("Ada Lovelace", "1 Engine Yard", "Denver, CO 80203"))
    assert counter.hand_in((passed(ADA) if proven else b"") + raw) == [("refused", "not_enough_stock")]
    (refusal,) = counter.deliver()
    return refusal


def swept(counter: Counter, **after: float) -> None:
    counter.passes(**after)
    sweep(counter.desk.shop, counter.desk.vault, counter.now - timedelta(days=1))


def test_lines_alone_in_reply_to_a_refusal_go_where_the_refused_letter_said(counter: Counter) -> None:
    placed(counter, f"{POT}, 1")
    refusal = refused(counter)
    swept(counter, days=9)
    fate, (mail,) = counter.answer(ADA, refusal, f"{LAMP}, 2")
    assert fate == ("done", "placed")
    assert "1 Engine Yard" in text_of(mail)
    assert "no address" not in text_of(mail)


def test_an_address_in_the_reply_itself_comes_first(counter: Counter) -> None:
    fate, (mail,) = counter.answer(ADA, refused(counter), "Ship to: Ada Lovelace\n12 Analytical Way\n\n" + f"{LAMP}, 2")
    assert fate == ("done", "placed")
    assert "Engine Yard" not in text_of(mail)


def test_refused_twice_it_is_still_known(counter: Counter) -> None:
    fate, (mail,) = counter.answer(ADA, refused(counter), f"{LAMP}, 12")
    assert fate == ("refused", "not_enough_stock")
    link = next(link for link in links_in(mail) if "body" in link)
    assert "1 Engine Yard" in unquote(link)
    fate, (mail,) = counter.answer(ADA, mail, f"{LAMP}, 3")
    assert (fate, "1 Engine Yard" in text_of(mail)) == (("done", "placed"), True)


def test_after_some_days_the_address_is_forgotten(counter: Counter) -> None:
    refusal = refused(counter)
    swept(counter, days=16)
    assert counter.desk.vault.belongings(counter.desk.vault.hashed(ADA))[1] == []
    assert counter.answer(ADA, refusal, f"{LAMP}, 2")[0] == ("refused", "no_address")


def test_a_forged_letter_that_was_refused_leads_no_proven_order_elsewhere(counter: Counter) -> None:
    assert counter.answer(ADA, refused(counter), f"{LAMP}, 2", proven=True)[0] == ("refused", "no_address")
    fate, _ = counter.answer(ADA, refused(counter, proven=True), f"{LAMP}, 2", proven=True)
    assert fate == ("done", "placed")


def test_the_refusal_to_somebody_else_tells_no_address(counter: Counter) -> None:
    fate, (mail,) = counter.answer(BEN, refused(counter), f"{LAMP}, 2")
    assert fate == ("refused", "no_address")
    assert "Engine" not in text_of(mail)
