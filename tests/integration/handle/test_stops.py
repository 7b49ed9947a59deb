"""A stop is kept in the books wherever in a letter it stands, also from one who writes too often to be answered."""

import pytest

from daemon.handle import Desk
from tests.integration.handle.counter import ADA, Counter


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


@pytest.mark.parametrize("body", ["my orders\nstop\nagain", "order\nstop", "help\nstop\nBJ02R0G72U8V, 1"])
def test_beside_what_is_asked_back(counter: Counter, body: str) -> None:
    (outcome, _), _ = counter.write(ADA, "", body)
    assert outcome == "refused"
    assert counter.ask("SELECT reason FROM consent WHERE NOT allowed") == "stop"


def test_among_several_commands_over_the_limit_of_the_hour(counter: Counter) -> None:
    for _ in range(counter.desk.config.conduct.answers_per_hour):
        counter.write(ADA, "help")
    fate, _ = counter.write(ADA, "", "my orders\nstop")
    assert fate == ("held", "too_many_letters")
    assert counter.ask("SELECT reason FROM consent WHERE NOT allowed") == "stop"
