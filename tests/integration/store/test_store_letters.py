"""Which letters are known: by place, by key, and, when the operator sent them round again, by their contents."""

from dataclasses import replace

from store_makers import NOW, a_letter, later

from store import letters
from store.database import Database
from store.facts import LetterRecord, MailboxRecord, Outcome


def ids(records: list[LetterRecord]) -> set[str]:
    return {one.letter_id for one in records}


def test_a_letter_comes_back_as_it_went_in(shop: Database) -> None:
    full = a_letter(order_number="MO-1", trace="File x", outcome=Outcome.FAILED, reopened=True)
    bare = a_letter(message_key=None, hashed_email=None)
    with shop.transaction() as conn:
        letters.record(conn, [full, bare])
        letters.record(conn, [])
    with shop.reading() as conn:
        assert [letters.find(conn, one.letter_id) for one in (full, bare)] == [full, bare]
        assert letters.find(conn, "nowhere") is None


def test_known_letters_are_found_by_place_and_by_key(shop: Database) -> None:
    here, elsewhere, keyed, other = a_letter(uid=5), a_letter(uid=5, mailbox="second"), a_letter(uid=1), a_letter(uid=2)
    renumbered = a_letter(uid=5, uidvalidity=8)
    with shop.transaction() as conn:
        letters.record(conn, [here, elsewhere, keyed, other, renumbered])
        places = [("orders", 7, 5), ("orders", 7, 6000), ("second", 7, 5)]
        assert ids(letters.known(conn, places, [], [])) == ids([here, elsewhere])
        assert ids(letters.known(conn, [], [keyed.message_key or "", "none"], [])) == ids([keyed])
        assert letters.known(conn, [("orders", 7, 5)], [here.message_key or ""], []) == [here]
        assert letters.known(conn, [], [], []) == []


def test_contents_count_only_for_letters_that_were_reopened(shop: Database) -> None:
    done = a_letter(digest="same", message_key=None)
    failed = a_letter(digest="same", message_key=None, outcome=Outcome.FAILED)
    with shop.transaction() as conn:
        letters.record(conn, [done, failed])
        assert letters.known(conn, [], [], ["same"]) == []
        assert letters.reopen(conn, failed.letter_id)
        assert letters.known(conn, [], [], ["same"]) == [replace(failed, reopened=True)]


def test_what_had_its_effect_is_never_read_again(shop: Database) -> None:
    done, held = a_letter(), a_letter(outcome=Outcome.HELD, order_number="MO-1")
    booked = a_letter(outcome=Outcome.REFUSED, order_number="MO-2")
    failed, unread = a_letter(outcome=Outcome.FAILED), a_letter(outcome=Outcome.HELD, mailbox="third")
    with shop.transaction() as conn:
        letters.record(conn, [done, held, booked, failed, unread])
        again = [letters.reopen(conn, one.letter_id) for one in (done, held, booked, failed, unread)]
        assert again == [False, False, False, True, True]
        assert not letters.reopen(conn, "nowhere")
        assert letters.reopened(conn, "orders") == [replace(failed, reopened=True)]
        assert letters.reopened(conn, "second") == []


def test_what_was_looked_for_in_vain_is_what_it_was_before(shop: Database) -> None:
    sought, met, never = (a_letter(outcome=Outcome.HELD) for _ in range(3))
    with shop.transaction() as conn:
        letters.record(conn, [sought, met, never])
        for one in (sought, met):
            letters.reopen(conn, one.letter_id)
        letters.replace(conn, [replace(met, outcome=Outcome.DONE)])
        assert letters.close(conn, [sought.letter_id, met.letter_id, never.letter_id, "nowhere"]) == {sought.letter_id}
        assert letters.find(conn, sought.letter_id) == sought
        assert letters.reopened(conn, "orders") == []


def test_only_what_was_set_aside_is_dropped_and_keeps_its_story(shop: Database) -> None:
    failed, sought = (a_letter(outcome=Outcome.FAILED, reason="KeyError", trace="File x") for _ in range(2))
    held = a_letter(outcome=Outcome.HELD)
    with shop.transaction() as conn:
        letters.record(conn, [failed, sought, held])
        letters.reopen(conn, sought.letter_id)
        names = [one.letter_id for one in (failed, sought)]
        assert letters.drop(conn, [*names, held.letter_id, "nowhere"]) == set(names)
        assert letters.drop(conn, names) == set()
        told = replace(failed, outcome=Outcome.IGNORED, reason="dropped by the operator after: KeyError")
        assert letters.find(conn, failed.letter_id) == told
        assert letters.reopened(conn, "orders") == []
        assert letters.find(conn, held.letter_id) == held


def test_a_reopened_letter_is_replaced_by_what_became_of_it(shop: Database) -> None:
    first, second = (a_letter(outcome=Outcome.FAILED, trace="File x") for _ in range(2))
    with shop.transaction() as conn:
        letters.record(conn, [first, second])
        letters.reopen(conn, first.letter_id)
        now = replace(first, uid=900, outcome=Outcome.DONE, trace=None, order_number="MO-1")
        letters.replace(conn, [now])
        letters.replace(conn, [])
        assert letters.find(conn, first.letter_id) == now
        assert letters.find(conn, second.letter_id) == second
        assert letters.reopened(conn, "orders") == []


def test_listing_turns_pages_newest_first_without_losing_a_letter(shop: Database) -> None:
    batch = [a_letter() for _ in range(5)]
    newest, refused = a_letter(handled_at=later(hours=1)), a_letter(outcome=Outcome.REFUSED)
    with shop.transaction() as conn:
        letters.record(conn, [*batch, newest, refused])
        seen = page = letters.listing(conn, limit=2)
        while page:
            page = letters.listing(conn, limit=2, before=page[-1].letter_id)
            seen = seen + page
        assert seen[0] == newest
        assert sorted(one.uid for one in seen) == sorted(one.uid for one in [*batch, newest, refused])
        assert letters.listing(conn, Outcome.REFUSED) == [refused]
        assert letters.counts(conn) == {Outcome.DONE: 6, Outcome.REFUSED: 1}
        assert letters.emails_in_use(conn, ["ada", "eve"]) == {"ada"}


def test_first_contact_is_the_first(shop: Database) -> None:
    with shop.transaction() as conn:
        assert letters.first_contact(conn, "orders", NOW) == NOW
        assert letters.first_contact(conn, "orders", later(days=1)) == NOW
        assert letters.mailboxes(conn) == [MailboxRecord("orders", NOW)]
        letters.looked(conn, "orders", 2**32 - 1, later(days=1))
        assert letters.mailboxes(conn) == [MailboxRecord("orders", NOW, 2**32 - 1, later(days=1))]


def test_a_batch_larger_than_a_statement_can_bind_is_answered(shop: Database) -> None:
    many = [f"key-{number}" for number in range(70_000)]
    with shop.transaction() as conn:
        letters.record(conn, [a_letter(message_key="key-69999", uid=69_999)])
        positions = [("orders", 7, number) for number in range(70_000)]
        assert len(letters.known(conn, positions, many, many)) == 1


def test_letters_left_to_a_person_are_counted_by_sender_from_a_moment_on(shop: Database) -> None:
    person = {"outcome": Outcome.PERSON, "handled_at": NOW}
    kept = [
        a_letter(**person),
        a_letter(**person | {"handled_at": later(minutes=1)}),
        a_letter(**person | {"handled_at": later(seconds=-1)}),
        a_letter(**person, hashed_email="bob"),
        a_letter(**person, hashed_email=None),
        a_letter(outcome=Outcome.REFUSED),
    ]
    with shop.transaction() as conn:
        letters.record(conn, kept)
        assert letters.for_person_since(conn, ["ada", "bob", "eve"], NOW) == {"ada": 2, "bob": 1}
        assert letters.for_person_since(conn, ["ada"], later(hours=1)) == {}
        assert letters.for_person_since(conn, [], NOW) == {}
