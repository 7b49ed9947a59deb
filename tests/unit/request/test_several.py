"""Several commands in one letter: each in its turn, as far as the lines make sense, never one of them silently."""

import pytest

from daemon.request import read
from daemon.request.shapes import Ask, AskKind, CancelOrder, ForPerson, Reason, Several, Unclear
from tests.unit.request.hand_written import letter

LAMP = "BJ02R0G72U8V, 2"
NUMBER, OTHER = "MO-7K3F-9Q2D", "MO-2345-6789"


def several(body: str, subject: str = "") -> Several:
    request = read(letter(subject, body))
    assert isinstance(request, Several), request
    return request


def kinds(request: Several) -> list[str | None]:
    named = {True: "cancel", False: None}
    return [
        step.request.kind.value if isinstance(step.request, Ask) else named[isinstance(step.request, CancelOrder)]
        for step in request.steps
    ]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("my orders\nrecommend", ["my_orders", "recommend"]),
        (f"Hello,\n\ncancel {NUMBER}\nstatus {OTHER}\n\nThanks\nAda", ["cancel", "status"]),
        ("catalog lamps\ncatalog pots", ["catalog", "catalog"]),
        ("notify BJ02R0G72U8V\nnotify 7B4VYMBRQNAR", ["notify", "notify"]),
        ("Please send me the catalog.\nStop, please!", ["catalog", "stop"]),
        (f"help\ncancel {NUMBER}\nsee you soon", ["help", "cancel", None]),
        ("stop\nstart\nhelp", ["stop", "help"]),
    ],
)
def test_each_command_is_a_step(body: str, wanted: list[str | None]) -> None:
    assert kinds(several(body)) == wanted


def test_a_step_is_read_as_if_it_stood_alone() -> None:
    first, second = several(f"cancel {NUMBER} please\nproducts under $20").steps
    assert first.request == read(letter("", f"cancel {NUMBER} please"))
    assert second.request == Ask(AskKind.PRODUCTS_UNDER, cents=2_000)
    assert (first.line, second.line, second.text) == (1, 2, "products under $20")


def test_what_is_one_request_is_one() -> None:
    assert read(letter("", f"cancel {NUMBER}\ncancel {OTHER}")) == CancelOrder((NUMBER, OTHER))
    assert read(letter("", "help\nhelp")) == Ask(AskKind.HELP)
    assert several(f"cancel {NUMBER}\nhelp\ncancel {OTHER}").steps[0].request == CancelOrder((NUMBER, OTHER))


def test_after_three_lines_that_make_no_sense_it_stops() -> None:
    request = several("help\nthe weather\nmy orders\nwas lovely\nall of june\nrecommend\ncatalog")
    assert kinds(request) == ["help", None, "my_orders", None, None]
    assert request.left_out == 2


def test_five_are_done_and_the_rest_is_told_to_be_left_out() -> None:
    request = several("help\nmy orders\nstop\nexport my data\nrecommend\ncatalog\ncatalog pots")
    assert len(request.steps) == 5
    assert request.left_out == 2


@pytest.mark.parametrize(
    "body",
    [
        f"cancel {NUMBER}\n\n{LAMP}",
        f"again {NUMBER}\nstatus {NUMBER}",
        f"change {NUMBER}\n{LAMP}\n\nhelp",
        f"yes {NUMBER}\ncancel {OTHER}",
        f"my orders\nhelp\n\n{LAMP}",
        f"cancel {NUMBER}\nhelp\n{OTHER}",
    ],
)
def test_what_books_beside_other_commands_is_asked_back(body: str) -> None:
    request = read(letter("", body))
    assert isinstance(request, Unclear)
    assert request.faults[0].reason is Reason.SEVERAL_COMMANDS


@pytest.mark.parametrize(
    "body",
    [
        f"cancel {NUMBER}\nstatus {OTHER}\nMy lamp arrived broken.",
        "my orders\nrecommend\nDo you also sell chairs?",
        f"status {NUMBER}\nhelp\nPlease do not cancel anything.",
    ],
)
def test_with_a_complaint_or_a_question_a_person_reads_all_of_it(body: str) -> None:
    assert isinstance(read(letter("", body)), ForPerson)


def test_but_a_stop_is_heard() -> None:
    request = several("stop\nmy orders\nMy lamp arrived broken.")
    assert [type(step.request) for step in request.steps] == [Ask, ForPerson]


def test_a_subject_that_asks_for_something_else_is_asked_back() -> None:
    request = read(letter("my orders", "recommend\nhelp"))
    assert isinstance(request, Unclear)
    assert request.faults[0].reason is Reason.SUBJECT_AND_BODY_DIFFER


def test_both_parts_of_a_letter_say_the_same_on_other_lines() -> None:
    lines = ((1, "help"), (2, "my orders"))
    html = ((3, "help"), (7, "my orders"))
    assert isinstance(read(letter("", "", lines=lines, html_lines=html)), Several)
    other = ((3, "help"), (7, "recommend"))
    assert isinstance(read(letter("", "", lines=lines, html_lines=other)), Unclear)
