"""The whole path on real servers: what customers write, what becomes of it, what they read."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.config import ConductConfig, LimitsConfig
from daemon.handle.staff import NotDoneError, send_round_again
from daemon.service.house import open_house
from daemon.simulator.servers import ImapServer, SmtpServer
from store.facts import Outcome
from tests.e2e.letters import LAMP, POT, follow, letter, links_in, number_in, order_of, reply, text_of
from tests.e2e.shop import MORNING, Shop, configuration, open_shop_on, stock
from tests.integration.doors.conftest import Place
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy

ADA = "ada@customer.example"
BEN = "ben@customer.example"
HARBOUR = ("Ben Okafor", "7 Harbour Street", "Portland, ME 04101")
OPERATOR, HUMAN = "operator@shop.example", "people@shop.example"
PLACED, DUPLICATE = ("done", "placed"), ("ignored", "duplicate")


@pytest.fixture
def relay() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a shop that was opened and stocked once; each test begins with a copy."""
    folder = tmp_path_factory.mktemp("stocked")
    with open_house(configuration(folder, [], None, {}), lambda: MORNING) as house:
        stock(house)
    return folder


@pytest.fixture
def folder(stocked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stocked, tmp_path / "shop")


@pytest.fixture
def shop(folder: Path, place: Place, relay: SmtpServer) -> Iterator[Shop]:
    with open_shop_on(folder, [place], relay) as opened:
        yield opened


def ordered(shop: Shop, who: str = ADA, *items: str) -> str:
    """The number of an order that was placed just now."""
    assert shop.told(order_of(who, *(items or (f"{LAMP}, 2",)))) == [PLACED]
    return number_in(shop.latest(who))


def test_an_order_is_booked_confirmed_and_put_away(shop: Shop) -> None:
    assert shop.told(order_of(ADA, f"{LAMP}, 2", f"3 x {POT}")) == [PLACED]
    told = " ".join(text_of(shop.latest(ADA)).split())
    assert "Ada Lovelace 12 Analytical Way Denver, CO 80202" in told
    assert "$197.25" in told
    assert "Saturday 21 November 2026, 08:00 UTC" in told
    assert (shop.orders(), shop.sold(), shop.folders()) == ([("placed", 5)], 5, {"Done": 1})
    assert shop.serve().handled == 0
    assert len(shop.relay.kept) == 1


def test_without_an_address_it_goes_where_the_last_one_went_and_that_is_said(shop: Shop) -> None:
    ordered(shop)
    assert shop.told(order_of(ADA, f"{POT}, 1", home=())) == [PLACED]
    told = text_of(shop.latest(ADA))
    assert "where your last order went" in told
    assert "12 Analytical Way" in told


@pytest.mark.parametrize("way", ["subject", "reply", "link"])
def test_a_cancellation_in_time_puts_everything_back(shop: Shop, way: str) -> None:
    number = ordered(shop)
    confirmation = shop.latest(ADA)
    ways = {
        "subject": letter(ADA, f"Cancel {number.lower()}"),
        "reply": reply(ADA, confirmation, "cancel"),
        "link": follow(ADA, next(link for link in links_in(confirmation) if "cancel" in link)),
    }
    assert shop.told(ways[way]) == [("done", "cancelled")]
    assert shop.subjects(ADA)[-1] == f"Order {number} is cancelled"
    assert (shop.orders(), shop.sold()) == ([("cancelled", 2)], 0)


def test_a_cancellation_counts_from_when_it_arrived(shop: Shop) -> None:
    in_time, too_late = ordered(shop), ordered(shop, BEN)
    deadline = shop.now + timedelta(hours=24)
    shop.write(letter(ADA, f"cancel {in_time}"), arrived_at=deadline)
    shop.write(letter(BEN, f"cancel {too_late}"), arrived_at=deadline + timedelta(seconds=1))
    shop.later(days=2)
    assert shop.outcomes() == [("done", "cancelled"), ("refused", "too_late")]
    assert "too late" in shop.subjects(BEN)[-1]
    assert shop.sold() == 2


def test_nobody_cancels_what_somebody_else_ordered(shop: Shop) -> None:
    number = ordered(shop)
    assert shop.told(letter(BEN, f"cancel {number}"), reply(BEN, shop.latest(ADA), "cancel")) == [
        ("refused", "unknown"),
        ("refused", "unknown"),
    ]
    assert shop.orders() == [("placed", 2)]


def test_a_refusal_holds_a_link_that_is_accepted_as_it_stands(shop: Shop) -> None:
    wrong = order_of(BEN, "BJ02R0G72U8X, 1", f"{POT}, two", f"{LAMP}, 1", home=HARBOUR)
    assert shop.told(wrong) == [("refused", "unknown_product")]
    refusal = shop.latest(BEN)
    assert "BJ02R0G72U8X" in text_of(refusal)
    assert (shop.orders(), shop.folders()) == ([], {"Refused": 1})
    [link] = [one for one in links_in(refusal) if "subject=order" in one]
    assert shop.told(follow(BEN, link)) == [PLACED]
    assert "7 Harbour Street" in text_of(shop.latest(BEN))
    assert shop.sold() == 4


@pytest.mark.parametrize("way", ["reply", "link"])
def test_the_same_order_again_is_asked_about_and_yes_books_it(shop: Shop, way: str) -> None:
    first = ordered(shop)
    shop.later(minutes=5)
    assert shop.told(order_of(ADA, f"{LAMP}, 2")) == [("held", "same_order")]
    question = shop.latest(ADA)
    assert first in str(question["Subject"])
    assert (shop.sold(), shop.folders()) == (2, {"Done": 1, "Held": 1})
    links = [link for link in links_in(question) if "yes" in link]
    yes = reply(ADA, question, "yes") if way == "reply" else follow(ADA, links[0])
    assert shop.told(yes) == [("done", "placed_after_question")]
    assert shop.sold() == 4
    assert shop.told(reply(ADA, question, "yes")) == [("done", "needs_no_yes")]
    assert shop.sold() == 4


def test_a_letter_delivered_twice_is_one_order(shop: Shop) -> None:
    raw = order_of(ADA, f"{LAMP}, 2")
    again = b"Received: from elsewhere by here;\r\n Fri, 20 Nov 2026 08:00:00 +0000\r\n" + raw
    assert shop.told(raw, again) == [PLACED, DUPLICATE]
    assert shop.told(raw) == [DUPLICATE]
    assert (shop.sold(), len(shop.relay.kept), shop.folders()) == (2, 1, {"Done": 1, "Ignored": 2})


def test_the_same_message_id_with_other_contents_is_another_letter(shop: Shop) -> None:
    first = order_of(ADA, f"{LAMP}, 2")
    other = first.replace(f"{LAMP}, 2".encode(), f"{LAMP}, 3".encode())
    assert shop.told(first, other) == [PLACED, PLACED]
    assert shop.sold() == 5


def test_letters_without_a_message_id_are_no_duplicates_of_anything(shop: Shop) -> None:
    raw = order_of(ADA, f"{LAMP}, 2").partition(b"\r\n")[2]
    assert b"Message-ID" not in raw
    assert shop.told(raw, raw) == [PLACED, ("held", "same_order")]


def test_after_a_new_uidvalidity_old_letters_are_recognised(shop: Shop) -> None:
    raw = order_of(ADA, f"{LAMP}, 2")
    shop.told(raw)
    shop.places[0].renew()
    shop.later(minutes=30)
    assert sorted(shop.told(raw, order_of(BEN, f"{POT}, 1"))) == sorted([DUPLICATE, PLACED])
    assert shop.sold() == 3


def test_what_lay_there_before_us_is_held_unanswered_until_it_is_released(
    folder: Path, place: Place, relay: SmtpServer
) -> None:
    at = MORNING + timedelta(hours=1)
    place.append(order_of(ADA, f"{LAMP}, 2"), at - timedelta(minutes=61))
    place.append(order_of(BEN, f"{LAMP}, 2"), at - timedelta(minutes=59))
    with open_shop_on(folder, [place], relay, at) as shop:
        assert shop.outcomes() == [("held", "first_contact"), PLACED]
        assert shop.mails_to(ADA) == []
        [(old,)] = shop.ask("SELECT letter_id FROM letter WHERE reason = 'first_contact'")
        send_round_again(shop.house.desk, old, Outcome.HELD, shop.now)
        assert shop.outcomes() == [PLACED]
        assert len(shop.mails_to(ADA)) == 1
        assert (shop.folders(), shop.serve().handled) == ({"Done": 2}, 0)
        with pytest.raises(NotDoneError):
            send_round_again(shop.house.desk, old, Outcome.HELD, shop.now)


def test_a_quiet_mailbox_is_met_at_the_first_look_and_not_at_the_first_letter(shop: Shop) -> None:
    assert shop.ask("SELECT first_contact_at IS NOT NULL, looked_at IS NOT NULL FROM mailbox") == [(1, 1)]
    shop.write(order_of(ADA, f"{LAMP}, 2"), arrived_at=shop.now + timedelta(hours=1))
    shop.later(hours=30)
    assert shop.outcomes() == [PLACED]


def test_a_letter_too_large_is_answered_without_being_fetched(folder: Path, place: Place, relay: SmtpServer) -> None:
    with Proxy(place.server.port) as proxy:
        box, limits = {"port": proxy.port}, LimitsConfig(letter_bytes=20_000)
        with open_shop_on(folder, [place], relay, mailbox=box, limits=limits) as shop:
            before = proxy.said
            large = letter(ADA, "order", f"Items:\n{LAMP}, 1\n" + "photograph\n" * 20_000)
            assert shop.told(large) == [("refused", "too_large")]
            assert proxy.said - before < 20_000
            assert "too large" in shop.subjects(ADA)[0]
            assert (shop.folders(), shop.orders()) == ({"Refused": 1}, [])


def test_more_letters_than_one_look_takes_are_all_taken(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.inbox.imap.WAITING_AT_ONCE", 3)
    shop.write(*(order_of(f"customer-{number}@customer.example", f"{LAMP}, 1") for number in range(8)))
    assert shop.outcomes() == [PLACED] * 8
    assert shop.folders() == {"Done": 8}


BROKEN = f"""CREATE TRIGGER broken BEFORE INSERT ON order_line WHEN NEW.product_id = '{POT}'
BEGIN SELECT RAISE(ABORT, 'this shelf is on fire'); END"""


def test_a_letter_that_breaks_the_code_costs_only_itself_and_can_be_retried(shop: Shop) -> None:
    shop.alter(BROKEN)
    poison = order_of(BEN, f"{POT}, 1", home=HARBOUR)
    assert shop.told(order_of(ADA, f"{LAMP}, 2"), poison, letter(ADA, "Teapots", "Are they blue?\n")) == [
        PLACED,
        ("failed", "ForbiddenError"),
        ("person", "prose"),
    ]
    assert shop.folders() == {"Done": 1, "Failed": 1, "For-a-person": 1}
    [alert] = shop.mails_to(OPERATOR)
    [(failed,)] = shop.ask("SELECT letter_id FROM letter WHERE outcome = 'failed'")
    assert failed in str(alert["Subject"])
    assert shop.mails_to(BEN) == []

    send_round_again(shop.house.desk, failed, Outcome.FAILED, shop.now)
    assert shop.outcomes() == [("failed", "ForbiddenError")]
    assert (shop.serve().handled, len(shop.mails_to(OPERATOR))) == (0, 2)
    assert shop.ask("SELECT count(*) FROM letter WHERE outcome = 'failed'") == [(1,)]

    shop.alter("DROP TRIGGER broken")
    send_round_again(shop.house.desk, failed, Outcome.FAILED, shop.now)
    assert shop.outcomes() == [PLACED]
    assert shop.ask(f"SELECT outcome, order_number FROM letter WHERE letter_id = '{failed}'")[0][0] == "done"
    assert (shop.folders(), shop.sold(), shop.serve().handled) == ({"Done": 2, "For-a-person": 1}, 3, 0)


@pytest.fixture(params=["dovecot", "pymap"])
def two_places(request: pytest.FixtureRequest) -> Iterator[list[Place]]:
    if request.param == "dovecot":
        server: Dovecot = request.getfixturevalue("dovecot")
        yield [Place(server, "both-one"), Place(server, "both-two")]
        return
    with ImapServer({"one": "demo", "two": "demo"}) as pymap:
        yield [Place(pymap, "one"), Place(pymap, "two")]


def test_several_mailboxes_are_one_shop(folder: Path, two_places: list[Place], relay: SmtpServer) -> None:
    with open_shop_on(folder, two_places, relay) as shop:
        same = order_of(ADA, f"{LAMP}, 2")
        shop.write(same, place=0)
        shop.write(same, order_of(BEN, f"{POT}, 1"), place=1)
        assert shop.outcomes() == [PLACED, DUPLICATE, PLACED]
        assert (shop.folders(0), shop.folders(1)) == ({"Done": 1}, {"Ignored": 1, "Done": 1})
        assert shop.sold() == 3


def test_a_mailbox_that_is_away_keeps_no_other_from_being_read(
    folder: Path, two_places: list[Place], relay: SmtpServer
) -> None:
    with open_shop_on(folder, two_places, relay) as shop:
        gone = {"orders": shop.house.config.mailbox["orders"].model_copy(update={"port": 1})}
        shop.house.config.mailbox.update(gone)
        shop.write(order_of(BEN, f"{POT}, 1"), place=1)
        done = shop.serve()
        assert (done.handled, len(done.failed)) == (1, 1)
        assert "\n" not in done.failed[0]


def test_a_mail_refused_for_now_goes_out_later(shop: Shop) -> None:
    who = "later-once-451@customer.example"
    shop.write(order_of(who, f"{LAMP}, 1"))
    assert (shop.serve().unsent, shop.serve().sent) == (1, 0)
    shop.later(seconds=61)
    assert (shop.serve().sent, shop.subjects(who)[0][:8]) == (1, "Order MO")
    assert shop.serve().sent == 0


def test_after_data_without_an_answer_the_same_mail_goes_out_again(shop: Shop) -> None:
    who = "drop-once-after-data@customer.example"
    shop.write(order_of(who, f"{LAMP}, 1"))
    shop.serve()
    shop.later(seconds=61)
    shop.serve()
    first, second = shop.mails_to(who)
    assert first["Message-ID"] == second["Message-ID"]
    assert shop.sold() == 1


def test_what_is_refused_for_good_is_buried_and_the_operator_told(shop: Shop) -> None:
    who = "full-552@customer.example"
    shop.write(order_of(who, f"{LAMP}, 1"))
    shop.serve()
    assert shop.ask("SELECT state, attempts FROM outbox WHERE kind = 'confirmation'") == [("dead", 1)]
    assert shop.subjects(OPERATOR) == ["Not delivered: mail 1"]
    assert shop.told(order_of(who, f"{POT}, 1")) == [PLACED]


def test_a_dead_address_gets_no_more_mail_and_a_person_reads_on(shop: Shop) -> None:
    who = "nobody-550-5.1.1@customer.example"
    shop.write(order_of(who, f"{LAMP}, 1"))
    shop.serve()
    assert shop.told(order_of(who, f"{POT}, 1")) == [("person", "suppressed")]
    assert (len(shop.mails_to(HUMAN)), shop.sold()) == (1, 1)


def bounce(message_id: str) -> bytes:
    """What a mail server sends back when a mail cannot be delivered for good (RFC 3464)."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.customer.example\r\nTo: orders@shop.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNobody here.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        "Final-Recipient: rfc822; ada@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n--b--\r\n"
    ).encode()


def test_a_bounce_of_our_own_mail_ends_mail_to_that_address_and_a_forged_one_does_not(shop: Shop) -> None:
    ordered(shop)
    [(forged,)] = [shop.told(bounce(f"<{'0' * 32}@shop.example>"))]
    assert forged[0] == "ignored"
    assert shop.told(order_of(ADA, f"{POT}, 1")) == [PLACED]
    assert shop.told(bounce(str(shop.latest(ADA)["Message-ID"]))) == [("ignored", "bounce_hard")]
    before = len(shop.mails_to(ADA))
    assert shop.told(order_of(ADA, f"{POT}, 2")) == [("person", "suppressed")]
    assert len(shop.mails_to(ADA)) == before
    assert shop.told(order_of(BEN, f"{POT}, 2")) == [PLACED]


def test_a_sender_whom_our_own_server_disbelieves_is_held(folder: Path, place: Place, relay: SmtpServer) -> None:
    with open_shop_on(folder, [place], relay, mailbox={"authserv_id": "mx.shop.example"}) as shop:
        fail = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=customer.example\r\n"
        claim = b"Authentication-Results: mx.evil.example; dmarc=fail header.from=customer.example\r\n"
        assert shop.told(fail + order_of(ADA, f"{LAMP}, 1"), claim + order_of(BEN, f"{LAMP}, 1")) == [
            ("held", "sender_not_believed"),
            PLACED,
        ]
        assert shop.mails_to(ADA) == []
        [(held,)] = shop.ask("SELECT letter_id FROM letter WHERE outcome = 'held'")
        send_round_again(shop.house.desk, held, Outcome.HELD, shop.now)
        assert shop.outcomes() == [PLACED]


def test_two_robots_answering_each_other_come_to_rest(folder: Path, place: Place, relay: SmtpServer) -> None:
    robot = "robot@customer.example"
    with open_shop_on(folder, [place], relay, conduct=ConductConfig(answers_per_hour=4)) as shop:
        shop.write(letter(robot, "help"))
        answered = 0
        for _ in range(20):
            shop.serve()
            news = shop.mails_to(robot)[answered:]
            answered += len(news)
            shop.write(*(letter(robot, "help") for _ in news))
        assert answered == 5
        assert shop.subjects(robot)[-1] == "That was a lot of letters at once"
        assert shop.told(order_of(ADA, f"{LAMP}, 1")) == [PLACED]
        shop.later(minutes=61)
        assert shop.told(letter(robot, "help")) == [("done", "told")]


def test_machines_get_no_answer(shop: Shop) -> None:
    number = ordered(shop)
    before = len(shop.relay.kept)
    thread = {"In-Reply-To": str(shop.latest(ADA)["Message-ID"]), "Auto-Submitted": "auto-replied"}
    away = letter(ADA, f"Automatic reply: cancel {number}", "I am away.\n", thread)
    our_own = bytes(shop.relay.kept[-1].message)
    assert [outcome for outcome, _ in shop.told(away, our_own)] == ["ignored", "ignored"]
    assert (len(shop.relay.kept), shop.orders()) == (before, [("placed", 2)])


def test_a_letter_for_a_person_is_passed_on_whole_and_its_sender_told_once_a_day(shop: Shop) -> None:
    question = letter(ADA, "Your teapots", "Are they safe for the dishwasher?\n")
    assert shop.told(question, letter(ADA, "And", "Do you have them in blue?\n")) == [("person", "prose")] * 2
    first, _ = shop.mails_to(HUMAN)
    assert b"Are they safe for the dishwasher?" in first.as_bytes()
    assert first["Reply-To"] == ADA
    assert shop.subjects(ADA) == ["A person will read your letter"]


def test_answers_of_one_order_go_out_in_order(shop: Shop) -> None:
    who = "later-once-451@customer.example"
    shop.write(order_of(who, f"{LAMP}, 1"))
    shop.serve()
    [(number,)] = shop.ask('SELECT number FROM "order"')
    shop.write(letter(who, f"cancel {number}"))
    assert shop.serve().sent == 0
    shop.later(seconds=61)
    assert shop.serve().sent == 2
    assert [subject.rpartition(" ")[2] for subject in shop.subjects(who)] == ["confirmed", "cancelled"]
