"""A letter with a forged sender must not make us deliver much to somebody else: each mail of ours about it is small.

Every kind of answer, with the largest letter that can ask for it, from who is not believed. The confirmation of an
order (and its question, where it is held) alone grows with the order, which `limits` bound.
"""

from itertools import product as every

import pytest

from daemon.handle import Desk
from store import catalogue
from store.facts import Product
from tests.e2e.letters import LAMP, POT, letter, number_in, order_of, text_of
from tests.integration.handle.counter import ADA, START, Counter

FEW_KB = 12_000
HOME = tuple(f"{line}. Strasse der langen Namen {'ä' * 160}" for line in range(9))
SHIP_TO = "Ship to: " + "\n         ".join(HOME) + "\n\nItems:\n"
THINGS = [f"TST{place:05d}XYZ" for place in range(40)]
NUMBERS = [f"MO-2345-67{a}{b}" for a, b in every("234567", "2345678")]
LONG = "ein sehr langes Wort: " + "ü" * 170
LETTERS = {
    "help": ("help", ""),
    "catalog": ("catalog", ""),
    "catalog_of_a_word": ("catalog thing", ""),
    "nothing_found": (f"catalog {'ü' * 150}", ""),
    "products_under": ("products under $500", ""),
    "nothing_under": ("products under $1", ""),
    "recommend": ("recommend", ""),
    "recommend_for": ("recommend", " ".join(THINGS[:20])),
    "recommend_unknown": (f"recommend {'ü' * 150}", ""),
    "several": ("", "help\ncatalog\nrecommend\nproducts under 500\ncatalog thing\n"),
    "several_catalogues": ("", "catalog a\ncatalog b\ncatalog g\ncatalog k\ncatalog t\n"),
    "several_wishes": ("", "\n".join(f"notify {one}" for one in THINGS[:5])),
    "several_and_stop": ("", "products under $500\nhelp\nstop\n"),
    "several_unread": ("", f"help\n{LONG}\n{LONG[::-1]}\nmy orders\n"),
    "quote": ("quote", "\n".join(f"{one}, 1" for one in THINGS)),
    "quote_unknown": ("quote", "\n".join(f"TST{place:05d}XYY, 1" for place in range(100))),
    "quote_too_many": ("quote", "\n".join(f"{one}, 99" for one in THINGS)),
    "quote_to": ("quote", SHIP_TO + "\n".join(f"{one}, 1" for one in THINGS)),
    "order_too_many": ("order", "\n".join(f"{one}, 99" for one in THINGS)),
    "order_too_many_to": ("order", SHIP_TO + "\n".join(f"{one}, 99" for one in THINGS)),
    "order_unknown": ("order", "\n".join(f"TS{place:05d}YXYZ, 1" for place in range(100))),
    "order_unread": ("order", "Items:\n" + "\n".join(f"{LONG} {place}" for place in range(100))),
    "order_of_500": ("order", "\n".join(f"A{place:03d}BCDEFG, 1" for place in range(500))),
    "order_of_one_and_fault": ("order", f"{LAMP}, 99\n"),
    "cancel": ("cancel", "\n".join(f"cancel {number}" for number in NUMBERS[:20])),
    "cancel_too_many": ("cancel", "\n".join(f"cancel {number}" for number in NUMBERS)),
    "status": ("status", "\n".join(f"status {number}" for number in NUMBERS[:20])),
    "change": (f"change {NUMBERS[0]}", "\n".join(f"A{place:03d}BCDEFG, 1" for place in range(100))),
    "change_which": ("change MO-", "\n".join(f"A{place:03d}BCDEFG, 1" for place in range(100))),
    "my_orders": ("my orders", ""),
    "export": ("export my data", ""),
    "erase": ("erase my data", ""),
    "again": ("again MO-2345-6789", ""),
    "yes": ("yes", ""),
    "more": ("more", ""),
    "stop": ("stop", ""),
    "start": ("start", ""),
    "notify": (f"notify {POT}", ""),
    "notify_in_stock": (f"notify {THINGS[0]}", ""),
    "notify_unknown": ("notify NONE1234", ""),
    "report": ("Re: report", "weeks: 9000\n"),
    "prose": ("hello there", "how are you\n" * 50),
    "nearly": ("canzel", ""),
    "nothing": ("", ""),
}


@pytest.fixture
def counter(desk: Desk) -> Counter:
    name = "Ein Ding mit einem ungewöhnlich langen Namen für große Häuser und kleine Gärten"
    things = [Product(one, f"{name}, {place}", "Dinge", 1000 + place, on_hand=5) for place, one in enumerate(THINGS)]
    with desk.shop.transaction() as connection:
        catalogue.add(connection, [*things, Product(POT, "Pot", "", price=450, on_hand=0)], "test", START)
    return Counter(desk)


@pytest.mark.parametrize("asked", LETTERS)
def test_who_is_not_believed_is_sent_a_few_kb(counter: Counter, asked: str) -> None:
    counter.hand_in(letter("somebody@victim.example", *LETTERS[asked]))
    counter.deliver()
    theirs = [mail for mail in counter.relay.taken if mail.recipient == "somebody@victim.example"]
    sizes = [len(mail.message) for mail in theirs]
    assert 0 < len(sizes) <= (3 if asked.startswith("several") else 1)
    assert max(sizes) <= FEW_KB
    assert sum(sizes) <= 16_000


def test_a_change_of_a_known_order_is_answered_in_a_few_kb(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, *(f"{one}, 2" for one in THINGS)))
    number = number_in(counter.deliver()[0])
    for lines in ("", "\n".join(f"{one}, 99" for one in THINGS)):
        counter.write(ADA, f"change {number}", lines)
        assert len(counter.relay.taken[-1].message) <= FEW_KB
    for asked in (f"status {number}", f"cancel {number}"):
        counter.write(ADA, asked)
        assert len(counter.relay.taken[-1].message) <= FEW_KB


def test_of_several_commands_the_first_is_done_and_the_rest_sent_alone(counter: Counter) -> None:
    fate, mails = counter.write(ADA, "", f"my orders\nnotify {POT}\ncatalog")
    assert fate == ("held", "several")
    assert len(mails) == 2
    assert " ".join(text_of(mails[0]).split()).count("in a letter of its own") == 2
    assert counter.ask("SELECT count(*) FROM wish") == 0


def test_a_cancellation_among_several_commands_is_the_one_that_is_done(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 4"))
    number = number_in(counter.deliver()[0])
    counter.write(ADA, "", f"help\ncancel {number}\ncatalog")
    assert counter.ask('SELECT state FROM "order"') == "cancelled"


def test_who_is_believed_gets_all_of_it_with_html(counter: Counter) -> None:
    _, mails = counter.write(ADA, "order", LETTERS["order_too_many_to"][1], proven=True)
    assert text_of(mails[0]).count("We do not have that many") == 40
    assert mails[0].get_body(("html",)) is not None


def test_faults_and_the_order_put_right_are_bounded_and_say_so(counter: Counter) -> None:
    _, mails = counter.write(ADA, "order", LETTERS["order_too_many_to"][1])
    told = text_of(mails[0])
    assert told.count("We do not have that many") == 5
    assert "And 35 more of this kind." in told
    assert "35 more than are shown" in " ".join(told.split())
    assert "mailto:" not in told, "half an order is worse than none"


def test_a_small_answer_keeps_its_html(counter: Counter) -> None:
    _, mails = counter.write(ADA, "stop")
    assert mails[0].get_body(("html",)) is not None
