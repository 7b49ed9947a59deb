"""The outbox: each mail claimed by one worker at a time, an order's mails in order, nobody mailed who may not be."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from store_makers import NOW, a_mail, later

from store import customers, outbox, sending
from store.database import Database, ForbiddenError
from store.facts import Mail, MailState, OutboxHealth, QueuedMail, Role, Settlement

LEASE = later(minutes=5)


def put(shop: Database, *mails: Mail) -> None:
    with shop.transaction() as conn:
        outbox.enqueue(conn, mails, NOW)


def take(shop: Database, worker: str = "one", limit: int = 10, minutes: float = 0) -> list[QueuedMail]:
    with shop.claiming() as conn:
        return sending.claim(conn, later(minutes=minutes), limit, later(minutes=minutes + 5), worker)


def tell(shop: Database, mail: QueuedMail, state: MailState, worker: str = "one", minutes: float = 0) -> list[int]:
    due = later(minutes=minutes + 10) if state is MailState.QUEUED else None
    with shop.claiming() as conn:
        return sending.settle(conn, [Settlement(mail.id, state, later(minutes=minutes), due, "250 ok")], worker)


def tokens(claimed: list[QueuedMail]) -> list[str]:
    return [one.mail.token for one in claimed]


def state_of(shop: Database, mail: Mail) -> MailState:
    with shop.reading() as conn:
        return outbox.by_tokens(conn, [mail.token])[mail.token].state


def test_a_mail_comes_back_as_it_went_in(shop: Database) -> None:
    mail = a_mail(facts={"lines": [["Lämp", 2]], "note": None}, order_number="MO-1", enclosure_id="e", expires_at=LEASE)
    ours = a_mail(role=Role.OPERATOR, letter_id=None)
    put(shop, mail, ours)
    assert [one.mail for one in take(shop)] == [mail, ours]


def test_an_event_is_told_once(shop: Database) -> None:
    first = a_mail()
    put(shop, first, a_mail(event_key=first.event_key))
    put(shop, a_mail(event_key=first.event_key))
    assert tokens(take(shop)) == [first.token]


def test_two_mails_with_one_message_id_are_a_mistake(shop: Database) -> None:
    mail = a_mail()
    with pytest.raises(ForbiddenError):
        put(shop, mail, a_mail(token=mail.token))


def test_due_mails_go_oldest_first_and_no_more_than_asked(shop: Database) -> None:
    late, early, future = a_mail(), a_mail(due_at=later(hours=-1)), a_mail(due_at=later(seconds=1))
    put(shop, late, early, future)
    assert tokens(take(shop, limit=1)) == [early.token]
    assert tokens(take(shop)) == [late.token]
    assert take(shop) == []


def test_a_claimed_mail_is_sent_once(shop: Database) -> None:
    mail = a_mail()
    put(shop, mail)
    (claimed,) = take(shop)
    assert (claimed.state, claimed.attempts, claimed.created_at) == (MailState.SENDING, 1, NOW)
    assert take(shop, "two") == []
    assert tell(shop, claimed, MailState.SENT) == [claimed.id]
    assert take(shop, minutes=60) == []
    with shop.reading() as conn:
        kept = outbox.find(conn, claimed.id)
    assert kept is not None
    assert (kept.state, kept.settled_at, kept.last_reply) == (MailState.SENT, NOW, "250 ok")


def test_a_passing_failure_is_tried_again_when_due(shop: Database) -> None:
    put(shop, a_mail())
    (claimed,) = take(shop)
    tell(shop, claimed, MailState.QUEUED)
    assert take(shop, minutes=9) == []
    (again,) = take(shop, minutes=10)
    assert again.attempts == 2


def test_what_a_dead_worker_held_is_rescued_when_its_lease_is_over(shop: Database) -> None:
    put(shop, a_mail())
    (claimed,) = take(shop, "dead")
    assert take(shop, "other", minutes=4.9) == []
    (rescued,) = take(shop, "other", minutes=5)
    assert (rescued.id, rescued.attempts) == (claimed.id, 2)
    assert tell(shop, claimed, MailState.DEAD, "dead", 6) == []
    assert tell(shop, rescued, MailState.SENT, "other", 6) == [rescued.id]


def test_a_late_worker_may_still_settle_what_nobody_rescued(shop: Database) -> None:
    put(shop, a_mail())
    (claimed,) = take(shop)
    assert tell(shop, claimed, MailState.SENT, minutes=60) == [claimed.id]


def test_settling_twice_changes_nothing(shop: Database) -> None:
    mail = a_mail()
    put(shop, mail)
    (claimed,) = take(shop)
    tell(shop, claimed, MailState.SENT)
    assert tell(shop, claimed, MailState.DEAD) == []
    assert state_of(shop, mail) is MailState.SENT


def test_a_batch_settles_each_mail_its_own_way(shop: Database) -> None:
    put(shop, a_mail(), a_mail(), a_mail())
    sent, again, dead = take(shop)
    results = [
        Settlement(sent.id, MailState.SENT, NOW, reply="250 ok"),
        Settlement(again.id, MailState.QUEUED, NOW, later(hours=1), "451 later"),
        Settlement(dead.id, MailState.DEAD, NOW, reply="550 no"),
        Settlement(999_999, MailState.SENT, NOW),
    ]
    with shop.claiming() as conn:
        assert sending.settle(conn, results, "one") == [sent.id, again.id, dead.id]
    with shop.reading() as conn:
        read = [outbox.find(conn, one.id) for one in (sent, again, dead)]
    assert [(one.state, one.last_reply, one.settled_at, one.mail.due_at) for one in read if one] == [
        (MailState.SENT, "250 ok", NOW, NOW),
        (MailState.QUEUED, "451 later", None, later(hours=1)),
        (MailState.DEAD, "550 no", NOW, NOW),
    ]


def test_an_address_in_a_servers_reply_is_not_kept(shop: Database) -> None:
    put(shop, a_mail())
    (claimed,) = take(shop)
    reply = "550 5.1.1 <ada@example.com>: unknown; see ada@example.com" + "x" * 10_000
    with shop.claiming() as conn:
        sending.settle(conn, [Settlement(claimed.id, MailState.DEAD, NOW, reply=reply)], "one")
        kept = outbox.find(conn, claimed.id)
    assert kept is not None
    assert kept.last_reply is not None
    assert kept.last_reply.startswith("550 5.1.1 <(address)>: unknown; see (address)")
    assert len(kept.last_reply) <= 500


def test_an_orders_mails_go_in_order(shop: Database) -> None:
    first, second, third = (a_mail(order_number="MO-1") for _ in range(3))
    other, unbound = a_mail(order_number="MO-2"), [a_mail(), a_mail()]
    put(shop, first, second, third, other, *unbound)
    (claimed, *rest) = take(shop)
    assert tokens([claimed, *rest]) == [first.token, other.token, *(one.token for one in unbound)]
    assert take(shop) == []
    tell(shop, claimed, MailState.QUEUED)
    assert take(shop, minutes=1) == []
    for one in rest:
        tell(shop, one, MailState.SENT)
    (again,) = take(shop, minutes=10)
    assert again.id == claimed.id
    tell(shop, again, MailState.DEAD)
    assert tokens(take(shop, minutes=10)) == [second.token]


def test_the_suppressed_and_the_late_are_not_sent(shop: Database) -> None:
    unwanted, welcome, late = (
        a_mail(expires_at=NOW),
        a_mail(hashed_email="bob"),
        a_mail(hashed_email="bob", expires_at=NOW),
    )
    role, follows = a_mail(role=Role.HUMAN), a_mail(order_number="MO-1", hashed_email="bob", expires_at=LEASE)
    put(shop, unwanted, welcome, late, role, follows)
    with shop.transaction() as conn:
        customers.suppress(conn, ["ada"], "hard bounce", NOW)
    assert tokens(take(shop)) == [welcome.token, role.token, follows.token]
    assert [state_of(shop, one) for one in (unwanted, late)] == [MailState.SUPPRESSED, MailState.EXPIRED]
    assert take(shop, minutes=60) != [unwanted, late]


def test_many_unsendable_mails_in_front_do_not_hide_the_others(shop: Database) -> None:
    welcome = a_mail(hashed_email="bob", due_at=later(seconds=-1))
    put(shop, *(a_mail(due_at=later(hours=-1)) for _ in range(30)), welcome)
    with shop.transaction() as conn:
        customers.suppress(conn, ["ada"], "stop", NOW)
    assert tokens(take(shop, limit=5)) == [welcome.token]


def test_two_workers_never_hold_the_same_mail(shop: Database) -> None:
    put(shop, *(a_mail(order_number=f"MO-{number % 40}") for number in range(120)))
    both = Barrier(2, timeout=10)

    def work(worker: str) -> list[int]:
        both.wait()
        done: list[int] = []
        while claimed := take(shop, worker, limit=7):
            done += [one.id for one in claimed]
            with shop.claiming() as conn:
                results = [Settlement(one.id, MailState.SENT, NOW) for one in claimed]
                assert len(sending.settle(conn, results, worker)) == len(claimed)
        return done

    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(work, ["one", "two"]))
    # One worker may find nothing while the other holds the first mails; what it left is there to be claimed.
    parts.append(work_alone(shop))
    done = [id for part in parts for id in part]
    assert len(done) == len(set(done)) == 120


def work_alone(shop: Database) -> list[int]:
    done: list[int] = []
    while claimed := take(shop, "last", limit=7):
        done += [one.id for one in claimed]
        for one in claimed:
            tell(shop, one, MailState.SENT, "last")
    return done


def test_next_due_says_when_claiming_is_worth_while(shop: Database) -> None:
    with shop.reading() as conn:
        assert outbox.next_due(conn) is None
    put(shop, a_mail(order_number="MO-1", due_at=later(hours=1)), a_mail(order_number="MO-1", due_at=NOW))
    with shop.reading() as conn:
        # The second waits for the first, so looking at its time would be a loop that finds nothing.
        assert outbox.next_due(conn) == later(hours=1)
    (claimed,) = take(shop, minutes=60)
    with shop.reading() as conn:
        assert outbox.next_due(conn) == later(minutes=65)
    tell(shop, claimed, MailState.SENT, minutes=61)
    with shop.reading() as conn:
        assert outbox.next_due(conn) == NOW


def test_what_was_given_up_on_can_be_retried_by_hand(shop: Database) -> None:
    dead, late, sent = a_mail(), a_mail(expires_at=later(minutes=1)), a_mail(due_at=later(hours=-1))
    put(shop, dead, late, sent)
    first, second = take(shop, limit=2)
    tell(shop, first, MailState.SENT)
    tell(shop, second, MailState.DEAD)
    assert take(shop, minutes=2) == []
    with shop.transaction() as conn:
        ids = {token: row.id for token, row in outbox.by_tokens(conn, [*tokens([first, second]), late.token]).items()}
        retried = [outbox.retry(conn, ids[one.token], later(days=9)) for one in (sent, dead, late)]
        assert retried == [False, True, True]
        assert not outbox.retry(conn, 999_999, NOW)
    assert [(one.mail.token, one.attempts) for one in take(shop, minutes=9 * 24 * 60)] == [
        (dead.token, 1),
        (late.token, 1),
    ]


def test_answers_and_kinds_are_counted_by_correspondent(shop: Database) -> None:
    put(
        shop,
        a_mail(),
        a_mail(kind="notice"),
        a_mail(letter_id=None),
        a_mail(hashed_email="bob"),
        a_mail(role=Role.HUMAN),
    )
    with shop.reading() as conn:
        assert outbox.answers_since(conn, ["ada", "bob", "eve"], NOW) == {"ada": 2, "bob": 1}
        assert outbox.answers_since(conn, ["ada"], later(seconds=1)) == {}
        assert outbox.answers_since(conn, ["ada", "bob"], NOW, besides=["confirmation"]) == {"ada": 1}
        assert outbox.kinds_since(conn, ["ada", "bob"], "notice", NOW) == {"ada": 1}


def test_health_tells_what_waits_and_what_is_stuck(shop: Database) -> None:
    with shop.reading() as conn:
        assert outbox.health(conn, NOW) == OutboxHealth(0, 0, 0)
    put(shop, *(a_mail() for _ in range(3)), a_mail(due_at=later(days=1)), a_mail(due_at=later(minutes=-7)))
    sent, dead, _ = take(shop, limit=3)
    tell(shop, sent, MailState.SENT, minutes=3)
    tell(shop, dead, MailState.DEAD)
    with shop.reading() as conn:
        assert outbox.health(conn, NOW) == OutboxHealth(2, 1, 1, NOW, later(minutes=3))
        assert outbox.health(conn, later(minutes=-1)).oldest_due is None
        assert [one.state for one in outbox.listing(conn, MailState.DEAD)] == [MailState.DEAD]
        assert [one.id for one in outbox.listing(conn, limit=2)] == [5, 4]


def test_enclosures_are_needed_until_their_mail_is_sent(shop: Database) -> None:
    put(shop, a_mail(enclosure_id="waits"), a_mail(enclosure_id="sent"), a_mail(enclosure_id="dead"))
    _, sent, dead = take(shop)
    tell(shop, sent, MailState.SENT)
    tell(shop, dead, MailState.DEAD)
    with shop.reading() as conn:
        assert outbox.enclosures_waiting(conn, ["waits", "sent", "dead", "gone"]) == {"waits", "dead"}


def test_suppression_can_be_taken_back(shop: Database) -> None:
    with shop.transaction() as conn:
        customers.suppress(conn, ["ada", "bob"], "stop", NOW)
        customers.suppress(conn, ["ada"], "hard bounce", NOW)
        customers.say(conn, ["eve"], "offers", False, "stop", NOW)
        assert customers.suppressed(conn, ["ada", "bob", "eve", "nobody"]) == {"ada", "bob"}
        customers.unsuppress(conn, ["ada"], "wrote again", later(days=1))
        assert customers.suppressed(conn, ["ada", "bob"]) == {"bob"}


def test_a_dead_mail_that_was_dropped_keeps_its_story_and_is_dead_no_more(shop: Database) -> None:
    put(shop, a_mail(), a_mail(), a_mail())
    dead, sent, silent = take(shop)
    results = [
        Settlement(dead.id, MailState.DEAD, NOW, reply="554 5.7.1 no"),
        Settlement(silent.id, MailState.DEAD, NOW),
    ]
    with shop.claiming() as conn:
        sending.settle(conn, [*results, Settlement(sent.id, MailState.SENT, NOW, reply="250 ok")], "one")
    with shop.transaction() as conn:
        assert outbox.drop(conn, [dead.id, sent.id, silent.id, 999_999]) == {dead.id, silent.id}
        assert outbox.drop(conn, [dead.id]) == set()
        assert not outbox.retry(conn, dead.id, later(hours=1))
        kept = [outbox.find(conn, one.id) for one in (dead, sent, silent)]
        assert outbox.health(conn, NOW).dead == 0
    assert [(one.state, one.attempts, one.settled_at, one.last_reply) for one in kept if one] == [
        (MailState.SUPPRESSED, 1, NOW, "dropped by the operator after: 554 5.7.1 no"),
        (MailState.SENT, 1, NOW, "250 ok"),
        (MailState.SUPPRESSED, 1, NOW, "dropped by the operator after: no reply"),
    ]
