"""The promises of the mailbox, kept on Dovecot and on pymap alike."""

import hashlib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daemon.inbox.errors import MailboxError
from daemon.inbox.imap import Mailbox
from store.facts import Outcome
from tests.integration.doors.conftest import LIMIT, Place, start_dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
RAW = b"From: ada@customer.example\r\nSubject: %d\r\n\r\n\xff hello \t \r\n.dot\r\nno line end"


@pytest.fixture
def mailbox(place: Place) -> Iterator[Mailbox]:
    mailbox = place.mailbox()
    yield mailbox
    mailbox.close()


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def fill(place: Place, count: int) -> list[bytes]:
    letters = [RAW % number for number in range(count)]
    for number, raw in enumerate(letters):
        place.append(raw, NOON + timedelta(minutes=number))
    return letters


def test_letters_come_as_they_are_by_arrival_then_uid(place: Place, mailbox: Mailbox) -> None:
    place.append(RAW % 1, NOON)
    place.append(RAW % 2, NOON - timedelta(hours=1))
    place.append(RAW % 3, NOON)

    arrived = mailbox.fetch(mailbox.waiting())

    assert [letter.raw for letter in arrived] == [RAW % 2, RAW % 1, RAW % 3]
    assert [letter.arrived_at for letter in arrived] == [NOON - timedelta(hours=1), NOON, NOON]
    assert arrived[0].arrived_at.utcoffset() == timedelta(0)
    assert all(letter.whole and letter.size == len(RAW % 1) for letter in arrived)
    assert {letter.uidvalidity for letter in arrived} == {mailbox.uidvalidity}


def test_reading_marks_nothing_as_seen(place: Place, mailbox: Mailbox) -> None:
    fill(place, 1)
    mailbox.fetch(mailbox.waiting())
    assert isinstance(place.server, Dovecot) or place.letters()
    if isinstance(place.server, Dovecot):
        client = place.server.client(place.user)
        client.select_folder("INBOX", readonly=True)
        assert client.search(["SEEN"]) == []


def test_folders_are_made_once_and_subscribed(place: Place, mailbox: Mailbox) -> None:
    mailbox.connect()
    if isinstance(place.server, Dovecot):
        subscribed = {name for _, _, name in place.server.client(place.user).list_sub_folders()}
        assert subscribed == {"Done", "Refused", "Failed", "For-a-person", "Ignored", "Held"}
    assert place.letters("For-a-person") == []


def test_moved_letters_lie_where_their_outcome_says(place: Place, mailbox: Mailbox) -> None:
    letters = fill(place, 4)
    uids = mailbox.waiting()

    mailbox.move({Outcome.DONE: uids[:2], Outcome.PERSON: [uids[3]], Outcome.HELD: []})

    assert place.letters() == [letters[2]]
    assert place.letters("Done") == letters[:2]
    assert place.letters("For-a-person") == [letters[3]]
    assert mailbox.waiting() == [uids[2]]


def test_moving_what_is_gone_is_no_matter(place: Place, mailbox: Mailbox) -> None:
    letters = fill(place, 2)
    uids = mailbox.waiting()
    mailbox.move({Outcome.DONE: uids[:1]})

    mailbox.move({Outcome.DONE: uids, Outcome.IGNORED: uids})

    assert sorted(place.letters("Done") + place.letters("Ignored")) == letters
    assert mailbox.fetch(uids) == []


def test_moved_letters_keep_their_arrival(place: Place, mailbox: Mailbox) -> None:
    raw = fill(place, 1)[0]
    mailbox.move({Outcome.FAILED: mailbox.waiting()})

    assert mailbox.bring_back(Outcome.FAILED, digest, {digest(raw)}) == {digest(raw)}

    [letter] = mailbox.fetch(mailbox.waiting())
    assert (letter.raw, letter.arrived_at) == (raw, NOON)


def test_only_wanted_letters_come_back_and_each_once(place: Place) -> None:
    mailbox = place.mailbox(batch=2)
    letters = [*fill(place, 5), RAW % 1]
    place.append(letters[-1], NOON)
    mailbox.move({Outcome.HELD: mailbox.waiting()})

    wanted = {digest(letters[1]), digest(letters[4]), digest(b"unknown")}
    assert mailbox.bring_back(Outcome.HELD, digest, wanted) == {digest(letters[1]), digest(letters[4])}

    assert sorted(place.letters()) == [letters[1], letters[4]]
    assert len(place.letters("Held")) == 4
    mailbox.close()


@pytest.mark.parametrize("limit", [50, 5_000])
def test_large_letters_are_told_by_their_headers_without_being_downloaded(place: Place, limit: int) -> None:
    large = b"From: ada@customer.example\r\nSubject: large\r\n\r\n" + b"line\r\n" * 20_000
    place.append(large, NOON)
    with Proxy(place.server.port) as proxy:
        mailbox = place.mailbox(limit, port=proxy.port)
        before = proxy.said
        [letter] = mailbox.fetch(mailbox.waiting())
        assert (letter.whole, letter.size) == (False, len(large))
        assert letter.raw == b"From: ada@customer.example\r\nSubject: large\r\n\r\n"
        assert proxy.said - before < 5_000


def test_a_letter_of_exactly_the_limit_is_whole(place: Place) -> None:
    raw = b"Subject: x\r\n\r\n" + b"y" * 86
    place.append(raw, NOON)
    place.append(raw + b"z", NOON)
    arrived = place.mailbox(100).fetch(place.mailbox(100).waiting())
    assert [letter.whole for letter in arrived] == [True, False]


def test_one_fetch_brings_no_more_than_memory_allows_and_loses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("imap", "arrived"):
        monkeypatch.setattr(f"daemon.inbox.{room}.BATCH_BYTES", 3 * len(RAW % 1))
    letters = fill(place, 8)
    mailbox = place.mailbox()
    seen = []
    while uids := mailbox.waiting():
        portion = mailbox.fetch(uids)
        assert 1 <= len(portion) <= 3
        seen += [letter.raw for letter in portion]
        mailbox.move({Outcome.DONE: [letter.uid for letter in portion]})
    assert seen == letters


def test_many_letters_are_all_found(place: Place, mailbox: Mailbox) -> None:
    letters = fill(place, 120)
    uids = mailbox.waiting()
    assert [letter.raw for letter in mailbox.fetch(uids)] == letters
    mailbox.move({Outcome.DONE: uids[::2], Outcome.REFUSED: uids[1::2]})
    assert place.letters("Done") == letters[::2]
    assert place.letters("Refused") == letters[1::2]


def test_no_command_waits_for_an_acknowledgement(place: Place, mailbox: Mailbox) -> None:
    """Commands sent in pieces cost 40 ms each on a socket that collects them (Nagle)."""
    fill(place, 1)
    began = time.monotonic()
    for _ in range(20):
        mailbox.fetch(mailbox.waiting())
    assert time.monotonic() - began < 0.8


@pytest.mark.parametrize("idle", [True, False])
def test_waiting_ends_soon_after_stop(place: Place, idle: bool) -> None:
    mailbox = place.mailbox(idle=idle)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    assert mailbox.wait(30, stop) is False
    assert time.monotonic() - began < 1.2
    assert mailbox.waiting() == []


def test_a_letter_ends_the_waiting(place: Place, mailbox: Mailbox) -> None:
    mailbox.waiting()
    threading.Timer(0.3, fill, [place, 1]).start()
    began = time.monotonic()
    assert mailbox.wait(30, threading.Event()) is True
    assert time.monotonic() - began < 3
    assert len(mailbox.waiting()) == 1


def test_quiet_waiting_ends_with_the_time_and_the_connection_still_works(place: Place, mailbox: Mailbox) -> None:
    assert mailbox.wait(0.6, threading.Event()) is False
    assert mailbox.wait(0.6, threading.Event()) is False
    assert mailbox.waiting() == []


def test_without_idle_one_must_look(place: Place) -> None:
    assert place.mailbox(idle=False).wait(0.1, threading.Event()) is True


def test_a_letter_that_came_between_searching_and_idling_is_not_slept_through(place: Place, mailbox: Mailbox) -> None:
    mailbox.waiting()
    fill(place, 1)
    mailbox.fetch([1])  # some servers announce the letter here, and only here
    began = time.monotonic()
    assert mailbox.wait(30, threading.Event()) is True
    assert time.monotonic() - began < 3


def test_a_new_uidvalidity_is_noticed(place: Place, mailbox: Mailbox) -> None:
    fill(place, 2)
    mailbox.waiting()
    before = mailbox.uidvalidity
    place.renew()
    fill(place, 1)
    try:
        mailbox.waiting()
    except MailboxError:
        mailbox.connect()
    mailbox.connect()
    [letter] = mailbox.fetch(mailbox.waiting())
    assert letter.uidvalidity == mailbox.uidvalidity != before


def test_what_is_marked_deleted_does_not_wait(dovecot: Dovecot) -> None:
    place = Place(dovecot, "marked")
    fill(place, 2)
    client = dovecot.client("marked")
    client.select_folder("INBOX")
    client.add_flags([1], [b"\\Deleted"])
    assert place.mailbox().waiting() == [2]


def without(*names: bytes) -> Any:
    def edit(piece: bytes) -> bytes:
        for name in names if b"CAPABILITY" in piece else ():
            piece = piece.replace(b" " + name, b"")
        return piece

    return edit


def test_without_move_letters_are_copied_and_expunged(place: Place) -> None:
    letters = fill(place, 3)
    with Proxy(place.server.port, without(b"MOVE")) as proxy:
        mailbox = place.mailbox(port=proxy.port)
        uids = mailbox.waiting()
        mailbox.move({Outcome.DONE: uids[1:]})
        mailbox.move({Outcome.DONE: uids[1:]})
        assert b" MOVE " not in proxy.asked
        assert b"UID EXPUNGE" in proxy.asked
    assert (place.letters(), place.letters("Done")) == (letters[:1], letters[1:])


def test_without_uidplus_nothing_of_anybody_else_is_expunged(dovecot: Dovecot) -> None:
    place = Place(dovecot, "noplus")
    letters = fill(place, 3)
    client = dovecot.client("noplus")
    client.select_folder("INBOX")
    client.add_flags([3], [b"\\Deleted"])
    with Proxy(dovecot.port, without(b"MOVE", b"UIDPLUS")) as proxy:
        mailbox = place.mailbox(port=proxy.port)
        mailbox.move({Outcome.DONE: [1]})
        assert mailbox.waiting() == [2]
    assert (place.letters(), place.letters("Done")) == (letters, letters[:1])


def test_without_uidplus_what_is_ours_alone_is_expunged(dovecot: Dovecot) -> None:
    place = Place(dovecot, "nopluselse")
    letters = fill(place, 3)
    with Proxy(dovecot.port, without(b"MOVE", b"UIDPLUS")) as proxy:
        mailbox = place.mailbox(port=proxy.port)
        mailbox.move({Outcome.DONE: [1], Outcome.HELD: [2]})
    assert (place.letters(), place.letters("Done"), place.letters("Held")) == (letters[2:], letters[:1], letters[1:2])


def test_folders_go_below_the_namespace_and_the_prefix() -> None:
    server = start_dovecot(prefix="INBOX.")
    try:
        place = Place(server, "spaces")
        letters = fill(place, 1)
        mailbox = place.mailbox(folder_prefix="Shop/Orders")
        mailbox.move({Outcome.DONE: mailbox.waiting()})
        assert place.letters("INBOX.Shop.Orders.Done") == letters
    finally:
        server.stop()


def test_a_wrong_password_is_permanent_and_not_told(place: Place) -> None:
    mailbox = Mailbox("shop", place.config(password="open sesame"), LIMIT)
    with pytest.raises(MailboxError) as caught:
        mailbox.connect()
    assert caught.value.permanent
    assert "sesame" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_line_is_told_and_connecting_again_goes_on(place: Place) -> None:
    fill(place, 2)
    with Proxy(place.server.port) as proxy:
        mailbox = place.mailbox(port=proxy.port)
        mailbox.waiting()
        proxy.cut()
        with pytest.raises(MailboxError) as caught:
            mailbox.waiting()
        assert not caught.value.permanent
        with pytest.raises(MailboxError, match="not connected"):
            mailbox.waiting()
        mailbox.connect()
        assert len(mailbox.waiting()) == 2


def test_the_server_is_asked_the_time_and_nothing_stays_behind(place: Place, mailbox: Mailbox) -> None:
    fill(place, 1)
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= mailbox.server_time() <= datetime.now(UTC)
    assert len(mailbox.waiting()) == 1
    assert mailbox.bring_back(Outcome.IGNORED, digest, {"any"}) == set()
    assert not place.letters("Ignored")
