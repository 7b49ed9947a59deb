"""Who was erased and writes anew: the mail that told of the erasure, sent late, takes nothing away that came since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from daemon.handle import Desk
from daemon.handle.customer import allow_mail
from daemon.post.shapes import Envelope, Receipt, State
from store import customers
from tests.e2e.letters import LAMP, order_of, reply
from tests.integration.handle.counter import ADA, Counter, KeepingRelay


@dataclass
class Putting(KeepingRelay):
    """Puts mail off for as long as `away`; `then` happens while it takes some."""

    away: bool = False
    then: Callable[[], object] = lambda: None

    async def send(self, envelopes: Sequence[Envelope], seconds: float) -> list[Receipt]:
        if self.away:
            return [Receipt(State.TEMPORARY, 451, "4.7.1 later", "4.7.1", "rcpt") for _ in envelopes]
        self.then()
        return await KeepingRelay.send(self, envelopes, seconds)


@pytest.fixture
def relay() -> Putting:
    return Putting()


@pytest.fixture
def counter(desk: Desk, relay: Putting) -> Counter:
    """Ada is erased, and has not been told so yet."""
    counter = Counter(desk, relay=relay)
    (question,) = counter.write(ADA, "erase my data", proven=True)[1]
    assert counter.hand_in(reply(ADA, question, "yes")) == [("done", "erased")]
    return counter


def of_hers(counter: Counter) -> tuple[str | None, int]:
    email, addresses, _ = counter.desk.vault.belongings(counter.desk.vault.hashed(ADA))
    return email, len(addresses)


def test_what_came_after_the_erasure_stays_when_its_mail_is_sent_late(counter: Counter, relay: Putting) -> None:
    relay.away = True
    counter.deliver()
    allow_mail(counter.desk, counter.desk.vault.hashed(ADA), counter.now)
    assert counter.hand_in(order_of(ADA, f"{LAMP}, 2")) == [("done", "placed")]
    relay.away = False
    counter.passes(hours=1)
    subjects = [str(mail["Subject"]) for mail in counter.deliver()]
    assert "Your data is erased" in subjects
    assert of_hers(counter) == (ADA, 1)
    assert counter.ask("SELECT count(*) FROM \"order\" WHERE state = 'placed' AND address_id IS NOT NULL") == 1


def test_who_stays_erased_is_forgotten_once_she_was_told_late(counter: Counter, relay: Putting) -> None:
    relay.away = True
    counter.deliver()
    assert of_hers(counter) == (ADA, 0)
    relay.away = False
    counter.passes(hours=1)
    counter.deliver()
    assert of_hers(counter) == (None, 0)


def test_a_worker_whose_lease_ran_out_forgets_nobody(counter: Counter, relay: Putting) -> None:
    """The mail is another's by then, who still needs her address."""

    def lease_runs_out() -> None:
        relay.then = lambda: None
        counter.now += timedelta(seconds=counter.desk.config.outbox.lease_seconds)
        assert len(counter.house.dispatch(relay).claim()) == 1  # type: ignore[arg-type]

    relay.then = lease_runs_out
    counter.deliver()
    assert of_hers(counter) == (ADA, 0)
    enclosed = counter.desk.vault.belongings(counter.desk.vault.hashed(ADA))[2]
    assert len(enclosed) == 1


@pytest.mark.parametrize("reason", ["hard_bounce", customers.ERASED])
def test_a_bounce_does_not_unerase(counter: Counter, reason: str) -> None:
    hashed = counter.desk.vault.hashed(ADA)
    with counter.desk.shop.transaction() as connection:
        customers.suppress(connection, [hashed, "somebody else"], reason, counter.now)
        assert customers.erased(connection, [hashed]) == {hashed}
        assert customers.suppressed(connection, [hashed, "somebody else"]) == {hashed, "somebody else"}
        assert [one.reason for one in customers.said(connection, "somebody else")] == [reason]


def test_mail_may_go_again_to_who_bounced_or_was_erased(counter: Counter) -> None:
    hashed = counter.desk.vault.hashed(ADA)
    assert allow_mail(counter.desk, hashed, counter.now)
    with counter.desk.shop.transaction() as connection:
        assert customers.erased(connection, [hashed]) == customers.suppressed(connection, [hashed]) == set()
        customers.suppress(connection, [hashed], "hard_bounce", counter.now)
        assert [one.reason for one in customers.said(connection, hashed)] == ["hard_bounce"]
