"""The governor over batches: what the books tell it is what it would have counted in one batch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from daemon.handle import Desk, handle
from daemon.inbox.imap import Arrived
from store import outbox
from tests.e2e.letters import letter

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
ADA = "ada@customer.example"
UIDS = count(1)


def told(desk: Desk, *batch: bytes, now: datetime = NOW) -> list[tuple[str, str]]:
    arrived = [Arrived("orders", 7, next(UIDS), now, len(raw), raw, whole=True) for raw in batch]
    return [(one.outcome.value, one.reason) for one in handle(desk, arrived, now)]


def question(sender: str = ADA) -> bytes:
    return letter(sender, "A question", "Do you sell rugs?\n")


def kinds(desk: Desk) -> list[str]:
    with desk.shop.reading() as connection:
        return [queued.mail.kind for queued in reversed(outbox.listing(connection, limit=500))]


def one_batch(letters: list[bytes]) -> list[list[bytes]]:
    return [letters]


def many_batches(letters: list[bytes]) -> list[list[bytes]]:
    return [letters[first : first + 7] for first in range(0, len(letters), 7)]


@pytest.mark.parametrize("split", [one_batch, many_batches])
def test_sixty_letters_in_prose_come_to_rest(desk: Desk, split: Callable[[list[bytes]], list[list[bytes]]]) -> None:
    batches = split([question() for _ in range(60)])
    outcomes = [
        outcome
        for number, batch in enumerate(batches)
        for outcome in told(desk, *batch, now=NOW + timedelta(minutes=number))
    ]
    assert [outcome for outcome, _ in outcomes] == ["person"] * 20 + ["held"] * 40
    assert {reason for outcome, reason in outcomes if outcome == "held"} == {"too_many_letters"}
    assert sorted(kinds(desk)) == ["forward"] * 20 + ["passed_on", "slow_down"]


def test_an_hour_later_a_person_reads_again_and_nobody_else_ever_stopped(desk: Desk) -> None:
    told(desk, *(question() for _ in range(30)))
    assert told(desk, question())[0][0] == "held"
    assert told(desk, question("ben@customer.example"))[0][0] == "person"
    assert told(desk, question(), now=NOW + timedelta(minutes=61))[0][0] == "person"


@pytest.mark.parametrize("split", [one_batch, many_batches])
def test_letters_of_several_commands_do_not_jump_over_the_notice(
    desk: Desk, split: Callable[[list[bytes]], list[list[bytes]]]
) -> None:
    """Each is answered by two mails, so twenty is passed without having been met."""
    letters = [letter(ADA, "help"), *(letter(ADA, "", "products\nhelp\n") for _ in range(20))]
    for number, batch in enumerate(split(letters)):
        told(desk, *batch, now=NOW + timedelta(minutes=number))
    assert kinds(desk)[-1] == "slow_down"
    assert len(kinds(desk)) == 1 + 2 * 10 + 1
    assert told(desk, letter(ADA, "help"), now=NOW + timedelta(minutes=70)) == [("done", "told")]


def test_two_robots_come_to_rest_also_where_one_is_the_human_of_the_shop(desk: Desk) -> None:
    """A ticket system takes what is passed on, and it and the customer's robot write again for every mail."""
    waiting, seen = [question()], 0
    for minute in range(58):
        told(desk, *waiting, now=NOW + timedelta(minutes=minute))
        with desk.shop.reading() as connection:
            mails = [queued.mail for queued in reversed(outbox.listing(connection, limit=5_000))]
        hashes = {desk.vault.hashed(address): address for address in (ADA, desk.config.shop.human)}
        waiting = [question(hashes.get(mail.hashed_email or "", desk.config.shop.human)) for mail in mails[seen:]]
        seen = len(mails)
    assert waiting == []
    # Ada's letter and her answer to "passed on"; from the human the limit of letters, "passed on" and "slow down".
    assert seen == (2 + 1) + (20 + 1 + 1)
