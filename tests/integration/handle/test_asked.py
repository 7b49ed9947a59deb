"""Questions by letter, from the inbox to the mail: answered to whom they concern, in pages, with links that order."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import event

from daemon.handle import Desk
from store import catalogue, rules
from store.facts import Evidence, Found, KeptRule, Popular, Product
from tests.e2e.letters import HOME, LAMP, POT, follow, letter, links_in, number_in, order_of, text_of
from tests.integration.handle.counter import ADA, BEN, Counter, passed

STREET = HOME[:2]  # the shop is in the same town
LISTED, TOLD = ("done", "listed"), ("done", "told")
SHELF = [Product(f"T{n:02}AND0THING", f"Thing {n}", "shelf", price=300 + 100 * n, on_hand=5) for n in range(23)]


@pytest.fixture
def counter(desk: Desk) -> Counter:
    counter = Counter(desk)
    stock(counter, Product(POT, "Stoneware pot", "kitchen", price=450, on_hand=40))
    return counter


def stock(counter: Counter, *products: Product) -> None:
    with counter.desk.shop.transaction() as connection:
        catalogue.add(connection, products, "test", counter.now)


def orders_one(counter: Counter, sender: str = ADA, *items: str) -> tuple[str, EmailMessage]:
    assert counter.hand_in(passed(sender) + order_of(sender, *items or (f"{LAMP}, 2",))) == [("done", "placed")]
    (confirmation,) = counter.deliver()
    return number_in(confirmation), confirmation


def order_links(mail: EmailMessage) -> list[str]:
    return [link for link in links_in(mail) if "subject=order&" in link]


def placed(counter: Counter) -> list[tuple[object, ...]]:
    return counter.rows("SELECT product_id, quantity FROM order_line ORDER BY product_id")


# Past orders


def test_past_orders_are_told_to_whom_they_belong_once_that_is_proven(counter: Counter) -> None:
    mine, _ = orders_one(counter)
    theirs, _ = orders_one(counter, BEN, f"{POT}, 1")
    fate, (question,) = counter.write(ADA, "my orders")
    assert (fate, mine in text_of(question)) == (("held", "proof_asked"), False)
    fate, (answer,) = counter.answer(ADA, question, "yes")
    assert (fate, answer["To"], answer["Subject"]) == (TOLD, ADA, f"Your order {mine}")
    fate, (same,) = counter.write(ADA, "show me my past orders", proven=True)
    for told in (text_of(answer), text_of(same)):
        assert mine in told
        assert theirs not in told
        assert not [line for line in STREET if line in told]


def test_the_links_beside_a_past_order_repeat_and_cancel_just_that_one(counter: Counter) -> None:
    mine, _ = orders_one(counter, ADA, f"{LAMP}, 2", f"{POT}, 3")
    counter.passes(hours=1)
    _, (told,) = counter.write(ADA, "my orders", proven=True)
    repeat, cancel = links_in(told)[:2]
    assert counter.hand_in(follow(ADA, repeat)) == [("done", "placed")]
    assert placed(counter) == [(POT, 3), (POT, 3), (LAMP, 2), (LAMP, 2)]
    assert counter.hand_in(follow(ADA, cancel)) == [("done", "cancelled")]
    assert counter.ask(f"SELECT state FROM \"order\" WHERE number = '{mine}'") == "cancelled"


def test_what_is_ordered_again_goes_where_that_order_went_and_not_the_last_one(counter: Counter) -> None:
    mine, _ = orders_one(counter, ADA, f"{LAMP}, 2")
    elsewhere = ("Ada Lovelace", "1 Engine Yard", "Denver, CO 80203")
    for subject in ("my orders", f"status {mine}"):
        counter.passes(days=2)
        assert counter.hand_in(order_of(ADA, f"{POT}, 1", home=elsewhere)) == [("done", "placed")]
        counter.deliver()
        _, (told,) = counter.write(ADA, subject, proven=True)
        link = next(link for link in links_in(told) if link.endswith(f"again%20{mine}"))
        assert counter.hand_in(follow(ADA, link)) == [("done", "placed")]
        (confirmation,) = counter.deliver()
        assert STREET[1] in text_of(confirmation)
        assert elsewhere[1] not in text_of(confirmation)


def test_what_is_gone_is_left_out_of_the_order_that_repeats(counter: Counter) -> None:
    orders_one(counter, ADA, f"{LAMP}, 6", f"{POT}, 3")
    counter.passes(days=2)
    _, (told,) = counter.write(ADA, "my orders", proven=True)
    assert "Order again what we have of it" in text_of(told)
    assert "Cancel it" not in text_of(told)
    assert counter.hand_in(follow(ADA, order_links(told)[0])) == [("done", "placed")]
    assert placed(counter) == [(POT, 3), (POT, 3), (LAMP, 6)]


def test_who_never_ordered_is_told_so_kindly_with_a_form(counter: Counter) -> None:
    fate, (told,) = counter.write(ADA, "my orders", proven=True)
    assert fate == TOLD
    assert "You have not ordered from us yet" in " ".join(text_of(told).split())


def test_an_order_of_the_same_batch_is_among_the_past_orders(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 1"), passed(ADA) + letter(ADA, "my orders"))
    confirmation, told = counter.deliver()
    assert number_in(told) == number_in(confirmation)


def test_only_the_latest_orders_are_told(counter: Counter) -> None:
    numbers = []
    for day in range(12):
        counter.passes(days=1)
        numbers.append(orders_one(counter, ADA, f"{POT}, {1 + day % 3}")[0])
    _, (told,) = counter.write(ADA, "my orders", proven=True)
    assert [number in text_of(told) for number in numbers] == [False] * 2 + [True] * 10
    assert "These are the last 10" in text_of(told)


# The state of one


def test_how_an_order_stands_is_told_by_its_number_and_in_its_thread(counter: Counter) -> None:
    mine, confirmation = orders_one(counter)
    for fate, (told,) in (
        counter.write(ADA, f"status {mine}"),
        counter.write(ADA, f"status {mine.lower().replace('-', ' ')}"),
        counter.answer(ADA, confirmation, "status"),
    ):
        assert (fate, told["Subject"]) == (TOLD, f"Order {mine} is booked")
        assert not [line for line in STREET if line in text_of(told)]
    _, (told,) = counter.write(ADA, f"status {mine}", proven=True)
    assert [line for line in STREET if line in text_of(told)] == list(STREET)


def test_somebody_elses_order_is_as_unknown_as_one_that_does_not_exist(counter: Counter) -> None:
    mine, confirmation = orders_one(counter)
    answers = [
        counter.write(BEN, f"status {number}", proven=proven)
        for number in (mine, "MO-2222-3333")
        for proven in (False, True)
    ]
    assert {fate for fate, _ in answers} == {("refused", "unknown")}
    told = [text_of(mail).replace(mine, "MO-2222-3333") for _, (mail,) in answers]
    assert len(set(told)) == 1
    assert counter.answer(BEN, confirmation, "status")[0] == ("held", "proof_asked")


def test_several_orders_are_told_together_and_the_unknown_named(counter: Counter) -> None:
    first, second = orders_one(counter)[0], orders_one(counter, ADA, f"{POT}, 1")[0]
    fate, (told,) = counter.write(ADA, f"status {first} and {second} MO-2222-3333")
    assert fate == TOLD
    assert all(number in text_of(told) for number in (first, second, "MO-2222-3333"))


# Pages


def test_the_pages_show_every_product_once_and_each_link_orders_that_one(counter: Counter) -> None:
    stock(counter, *SHELF)
    orders_one(counter)
    fate, (page,) = counter.write(ADA, "products under $19")
    seen, sizes = [], []
    for _ in range(9):
        assert fate == LISTED
        found = [
            one.product_id for one in [*SHELF, Product(POT, "", "", 450, 1)] if f"  {one.product_id} " in text_of(page)
        ]
        sizes.append(len(order_links(page)))
        assert sizes[-1] == len(found)
        seen += found
        if 'word "more"' not in " ".join(text_of(page).split()):
            break
        fate, (page,) = counter.answer(ADA, page, "more please")
    assert sorted(seen) == sorted([POT, *(one.product_id for one in SHELF if one.price < 1900)])
    assert sizes == [4, 10, 3]
    before = len(placed(counter))
    assert counter.hand_in(follow(ADA, order_links(page)[0])) == [("done", "placed")]
    assert len(placed(counter)) == before + 1


def test_a_believed_sender_gets_whole_pages_at_once(counter: Counter) -> None:
    stock(counter, *SHELF)
    _, (short,) = counter.write(ADA, "catalog")
    _, (whole,) = counter.write(ADA, "catalog", proven=True)
    assert (len(order_links(short)), len(order_links(whole))) == (4, 10)


def test_who_has_no_address_here_is_left_room_for_it_in_each_link(counter: Counter) -> None:
    stock(counter, *SHELF)
    _, (page,) = counter.write(ADA, "catalog")
    (sent,) = counter.hand_in(follow(ADA, order_links(page)[0]))
    assert sent[0] == "refused"
    link = order_links(page)[0].replace(
        "Ship%20to%3A%20", "Ship%20to%3A%20Ada%20L%0D%0A12%20Way%0D%0ADenver%2C%20CO%2080202"
    )
    assert counter.hand_in(follow(ADA, link)) == [("done", "placed")]


def test_more_of_what_was_not_shown_to_this_sender_is_asked_back(counter: Counter) -> None:
    stock(counter, *SHELF)
    _, confirmation = orders_one(counter)
    _, (page,) = counter.write(ADA, "catalog")
    asked_back = ("refused", "more_of_what")
    assert counter.answer(BEN, page, "more")[0] == asked_back
    assert counter.answer(ADA, confirmation, "more")[0] == asked_back
    assert counter.write(ADA, "more")[0] == asked_back
    assert counter.answer(ADA, page, "more")[0] == LISTED


def test_words_are_looked_for_and_near_ones_suggested(counter: Counter) -> None:
    _, (found,) = counter.write(ADA, "catalogue pots")
    assert (found["Subject"], "Stoneware pot" in text_of(found)) == ('Our products with "pot"', True)
    fate, (near,) = counter.write(ADA, "catalog stonware")
    assert fate == ("done", "nothing_found")
    (word, *_) = [link for link in links_in(near) if "catalog%20" in link]
    assert word.endswith("catalog%20stoneware")
    assert counter.hand_in(follow(ADA, word)) == [LISTED]
    assert counter.ask("SELECT count(*) FROM outbox WHERE CAST(facts AS TEXT) LIKE '%stonware%'") == 0


def test_where_nothing_is_cheap_enough_the_least_expensive_is_shown(counter: Counter) -> None:
    fate, (told,) = counter.write(ADA, "less than 2 dollars")
    assert fate == ("done", "nothing_found")
    assert "Stoneware pot, $4.50" in text_of(told)


# Suggestions


def mined(counter: Counter) -> None:
    found = [KeptRule((LAMP,), POT, Evidence.RULE, 4, 10, 12, 0.4)]
    popular = [Popular(LAMP, 20, 15, 0), Popular(POT, 9, 7, 0)]
    with counter.desk.shop.transaction() as connection:
        begun = rules.begin(connection, "t", counter.now - timedelta(days=1), {}, counter.now, counter.now)
        rules.replace(connection, begun, rules.pack(Found(found, popular, 100)), counter.now)
    counter.passes(minutes=1)


REASON = "4 of 10 purchases with Lamp also had it."


def test_suggestions_from_her_own_orders_need_the_proof_that_she_asks(counter: Counter) -> None:
    orders_one(counter)
    mined(counter)
    _, (unproven,) = counter.write(ADA, "recommend")
    _, (proven,) = counter.write(ADA, "recommend a product to me", proven=True)
    assert (REASON in text_of(unproven), REASON in text_of(proven)) == (False, True)
    assert counter.hand_in(follow(ADA, order_links(proven)[0])) == [("done", "placed")]


def test_what_goes_with_a_product_is_told_to_anybody(counter: Counter) -> None:
    mined(counter)
    fate, (told,) = counter.write(BEN, f"recommend {LAMP.lower()}")
    assert (fate, told["Subject"]) == (("done", "suggested"), "What goes with Lamp")
    assert REASON in text_of(told)


def test_a_word_that_is_no_product_is_looked_for_and_else_passed_over(counter: Counter) -> None:
    mined(counter)
    _, (found,) = counter.write(BEN, "recommend pots")
    assert "Stoneware pot" in text_of(found)
    _, (other,) = counter.write(BEN, "recommend a unicorn")
    assert "UNICORN" in text_of(other)
    assert "One of our best sellers." in text_of(other)
    assert counter.ask("SELECT count(*) FROM outbox WHERE CAST(facts AS TEXT) LIKE '%UNICORN%'") == 0


def test_a_product_asked_for_in_plain_words_is_found_and_anything_else_is_for_a_person(counter: Counter) -> None:
    fate, (told,) = counter.write(BEN, "Do you have pots?")
    assert (fate[0], POT in text_of(told)) == ("done", True)
    for said in ("do you have a policy for holidays?", "have you got any news?", "do you have discounts?"):
        assert counter.write(BEN, "Hello", said)[0][0] == "person"


@pytest.mark.parametrize("with_rules", [True, False])
def test_what_is_asked_about_is_not_recommended_nor_said_to_go_with_itself(counter: Counter, with_rules: bool) -> None:
    if with_rules:
        mined(counter)
    fate, (told,) = counter.write(BEN, f"recommend {POT}")
    assert fate == ("done", "suggested")
    assert str(told["Subject"]) == "Nothing that goes with Stoneware pot, but what sells best"
    assert "We know of nothing that goes with it" in " ".join(text_of(told).split())
    assert [follow_up for follow_up in order_links(told) if POT in follow_up] == []
    assert LAMP in text_of(told)


@pytest.mark.parametrize("with_rules", [True, False])
@pytest.mark.parametrize("proven", [True, False])
def test_what_she_has_just_ordered_is_not_recommended_to_her(counter: Counter, with_rules: bool, proven: bool) -> None:
    orders_one(counter)
    if with_rules:
        mined(counter)
    _, (told,) = counter.write(ADA, "recommend", proven=proven)
    assert LAMP not in str(order_links(told))
    _, (other,) = counter.write(BEN, "recommend", proven=proven)
    assert LAMP in str(order_links(other))


def test_a_shop_without_rules_recommends_what_it_has(counter: Counter) -> None:
    fate, (told,) = counter.write(ADA, "recommend", proven=True)
    assert (fate, "Lamp, $19.99" in text_of(told)) == (("done", "suggested"), True)


# Prices


def test_a_quote_books_nothing_and_its_link_orders_just_that(counter: Counter) -> None:
    orders_one(counter)
    before = placed(counter)
    fate, (told,) = counter.write(ADA, "quote", f"{LAMP}, 1\n{POT}, 2\n")
    assert (fate, told["Subject"], placed(counter)) == (("done", "quoted"), "What it would cost: $28.99", before)
    assert counter.hand_in(follow(ADA, order_links(told)[0])) == [("done", "placed")]
    assert sorted(placed(counter)) == sorted([*before, (LAMP, 1), (POT, 2)])


def test_a_quote_names_its_faults_like_a_refusal(counter: Counter) -> None:
    fate, (told,) = counter.write(ADA, "how much would this cost?", f"{LAMP}, 900\n{POT}, two\n")
    assert fate[0] == "refused"
    assert "10 in stock" in text_of(told)
    assert "Please write how many single pieces you would like, in figures" in " ".join(text_of(told).split())


# Whom


@pytest.mark.parametrize("asked", ["my orders", "status {number}", "catalog", "recommend", "help", "quote"])
def test_no_answer_goes_out_because_a_rule_of_somebodys_mailbox_passed_a_question_on(
    counter: Counter, asked: str
) -> None:
    number, _ = orders_one(counter)
    passed_on = letter(ADA, asked.format(number=number), f"{LAMP}, 1" if asked == "quote" else "")
    counter.hand_in(b"Auto-Submitted: auto-forwarded\r\n" + passed_on)
    assert [mail["Subject"] for mail in counter.deliver() if "was it you" not in mail["Subject"].lower()] == []


def test_nothing_of_hers_is_in_any_answer_to_him(counter: Counter) -> None:
    mined(counter)
    mine, confirmation = orders_one(counter, ADA, f"{LAMP}, 2", f"{POT}, 7")
    _, (shown,) = counter.write(ADA, "my orders", proven=True)
    questions = [
        "my orders",
        "orders",
        f"status {mine}",
        "recommend",
        f"recommend {LAMP}",
        "catalog",
        "under $50",
        "help",
    ]
    answers = [mail for asked in questions for p in (False, True) for mail in counter.write(BEN, asked, proven=p)[1]]
    for mail in (confirmation, shown):
        for said in ("status", "my orders", "more", "again", "recommend", "yes"):
            answers += counter.answer(BEN, mail, said)[1]
        counter.passes(hours=2)
    assert len(answers) >= 25
    hers = [ADA, *STREET, "2 x Lamp", "7 x Stoneware", "$71.48"]
    assert [(mail["Subject"], word) for mail in answers for word in hers if word in mail.as_string()] == []
    assert {mail["To"] for mail in answers if mail["To"] != "people@shop.example"} == {BEN}


def test_the_reply_to_a_forged_question_reaches_only_whom_it_names(counter: Counter) -> None:
    """Mallory writes in Ada's name: whatever comes of it goes to Ada, and is small."""
    stock(counter, *SHELF)
    for asked in ("catalog", "help", "recommend", "products under $50"):
        raw = letter(ADA, asked)
        _, (answer,) = counter.write(ADA, asked)
        assert answer["To"] == ADA
        assert len(answer.as_bytes()) < 20_000, (asked, len(raw), len(answer.as_bytes()))


def test_nothing_is_looked_up_for_who_is_not_answered(counter: Counter) -> None:
    """A flood of made-up words must not keep the books from everybody else."""
    for n in range(counter.desk.config.conduct.answers_per_hour + 1):
        counter.write(ADA, f"catalog nonsense{n}")
    forged = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=other.example\r\n"
    asked: list[str] = []
    event.listen(counter.desk.shop.engine, "before_cursor_execute", lambda *say: asked.append(say[2]))
    counter.hand_in(letter(ADA, "catalog lamps"), forged + letter(BEN, "catalog pots"))
    assert [sql for sql in asked if "search_text" in sql] == []
    counter.hand_in(letter(BEN, "catalog pots"))
    assert len([sql for sql in asked if "search_text" in sql]) == 1
