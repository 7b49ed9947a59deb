"""Closings end a letter only as lines of their own."""

import pytest

from daemon.request.manners import is_closing, is_greeting


@pytest.mark.parametrize(
    "line",
    [
        "thanks",
        "Thanks!",
        "Thank you very much.",
        "Many thanks in advance,",
        "Thanks, Ada",
        "Thanks - Bob",
        "thx",
        "Best regards",
        "Kind regards, Ada Lovelace",
        "Regards",
        "Cheers",
        "Sincerely yours,",
        "Best wishes,",
        "Best,",
        "end",
        "END.",
        "Thanks and best regards",
        "— thanks",
    ],
)
def test_closings(line: str) -> None:
    assert is_closing(line.removeprefix("— "))


@pytest.mark.parametrize(
    "line",
    [
        "Thanksgiving Lane 5",
        "Thanks for last time! Next order:",
        "Thank you for the lamp",
        "Best Western Hotel",
        "Best lamp ever",
        "Endless Road 3",
        "Land's End",
        "Regards to your mother, and send me two more",
        "Thanks, but make that 5",
        "Thanks, cancel it",
        "Cheers Street 12",
        "Love Lane 3",
        "BJ02R0G72U8V, 2",
    ],
)
def test_what_is_no_closing(line: str) -> None:
    assert not is_closing(line)
    assert not is_closing(line, in_address=True)


@pytest.mark.parametrize(
    "line",
    ["Hi,", "Hello there!", "Dear Sir or Madam", "Good morning", "Hi Ada", "Dear order desk", "Hi to the whole shop"],
)
def test_greetings(line: str) -> None:
    assert is_greeting(line)


@pytest.mark.parametrize(
    "line", ["Hi, cancel my order please now thanks", "Dear me, BJ02R0G72U8V, 2", "Hi keep the rest"]
)
def test_what_is_more_than_a_greeting(line: str) -> None:
    assert not is_greeting(line)
