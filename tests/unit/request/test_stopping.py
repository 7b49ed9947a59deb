"""A stop is found wherever in a letter it stands, and nowhere that nobody said it."""

import pytest

from daemon.request import read, says_stop
from daemon.request.shapes import Ask, AskKind, Several
from tests.unit.request.hand_written import letter

NUMBER = "MO-2345-6789"
LAMP = "BJ02R0G72U8V, 1"
MANY = "my orders\nhelp\ncatalog\nrecommend\nproducts under 5\nexport my data"
NONSENSE = "my orders\nblah blah\nfoo foo\nbar bar"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("stop", ""),
        ("Stop, please", "The lamp was lovely."),
        ("", f"stop\n{LAMP}"),
        ("", "my orders\nstop\nagain"),
        ("", f"help\nstop\n{LAMP}"),
        ("", "order\nstop"),
        ("cancel", "stop"),
        ("", f"my orders\nchange {NUMBER}\nstop"),
        ("", f"{MANY}\nstop"),
        ("", f"{NONSENSE}\nstop"),
        ("", f"Stop. And cancel {NUMBER}"),
        ("", f"cancel {NUMBER} and stop sending me mails"),
        ("", f"Please cancel {NUMBER}, and unsubscribe me from your newsletter."),
        ("Re: an offer", "My lamp arrived broken.\nStop!"),
    ],
)
def test_a_stop_is_found(subject: str, body: str) -> None:
    assert says_stop(letter(subject, body))


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("", ""),
        ("order", LAMP),
        ("", "Do not stop sending me offers."),
        ("my orders", "Drive to the gate and stop, then ring."),
        ("Re: stop", "Thanks for the fish."),
        ("", f"Please stop the order {NUMBER}."),
        ("", "The music stopped working and the lid is loose."),
    ],
)
def test_and_is_not_made_up(subject: str, body: str) -> None:
    assert not says_stop(letter(subject, body))


def test_what_was_passed_along_or_written_by_a_machine_says_nothing() -> None:
    assert not says_stop(letter("Fwd: stop", "stop", forwarded=True))
    assert not says_stop(letter("stop", "stop", automatic="list"))


def test_it_counts_in_either_part_of_a_letter() -> None:
    assert says_stop(letter("", lines=((1, "my orders"),), html_lines=((1, "my orders"), (2, "stop"))))


@pytest.mark.parametrize("before", [MANY, NONSENSE])
def test_it_is_a_step_behind_the_last_that_is_done(before: str) -> None:
    request = read(letter("", f"{before}\nstop"))
    assert isinstance(request, Several)
    assert request.steps[-1].request == Ask(AskKind.STOP)
