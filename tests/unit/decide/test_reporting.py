"""Who gets a report again by replying to it, and who is treated as any customer."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.config import Config
from daemon.decide import Case, Facts, decide
from daemon.decide.reporting import as_wished
from daemon.letter import Verdict
from daemon.request.shapes import PlaceOrder
from store.facts import Mail, MailState, Outcome, QueuedMail, Role
from tests.unit.decide.by_hand import ADA, LAMP, NOW, case, wants

CONFIG = Config.model_validate(
    {
        "reports": {
            "staff": {
                "anna": {"address": "anna@shop.example", "reports": ["finance"]},
                "otto": {"address": "otto@shop.example", "reports": ["marketing"]},
            }
        }
    }
)
TOKEN = "token-of-a-report"
REPORT = {"report": "finance", "span": "week", "period": "2026-W47", "recipient": "anna", "runs": [7]}


def sent(kind: str = "report_finance", **told: Any) -> dict[str, QueuedMail]:
    mail = Mail(TOKEN, "event", kind, REPORT | told, NOW, role=Role.STAFF)
    return {TOKEN: QueuedMail(1, mail, MailState.SENT, 1, NOW)}


def customers() -> dict[str, QueuedMail]:
    """A mail that went to a customer."""
    return {TOKEN: QueuedMail(1, Mail(TOKEN, "event", "confirmation", {}, NOW), MailState.SENT, 1, NOW)}


def reply(*lines: str, sender: str = "anna@shop.example", verdict: Verdict = Verdict.PASS, **said: Any) -> Case:
    made = case(wants((LAMP, 1)), ADA, (TOKEN,), verdict=verdict, **said)
    written = replace(made.letter, sender=sender, reply=True, lines=tuple(enumerate(lines, 1)))
    return replace(made, letter=written)


def decided(made: Case, threads: dict[str, QueuedMail], config: Config = CONFIG) -> Any:
    return decide(as_wished(made, threads, config), Facts(threads=threads), config, NOW)


def test_who_got_a_report_gets_it_again_with_more_weeks() -> None:
    decision = decided(reply("weeks: 26"), sent())
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "report_again")
    (answer,) = decision.answers
    assert (answer.kind, answer.role) == ("report_finance", Role.STAFF)
    told = {"report": "finance", "span": "week", "period": "2026-W47", "recipient": "anna", "weeks": 26}
    assert answer.facts == told
    assert "anna@" not in str(answer.facts)


def test_marketing_shows_more_of_the_best() -> None:
    threads = sent("report_marketing", report="marketing", recipient="otto")
    (answer,) = decided(reply("top: 25", sender="Otto@SHOP.example"), threads).answers
    assert (answer.kind, answer.facts["top"]) == ("report_marketing", 25)


@pytest.mark.parametrize(
    ("line", "instead"),
    [("weeks: 0", "weeks: 1"), ("weeks: 105", "weeks: 104"), ("top: 25", "weeks: 25"), ("top: 900", "weeks: 104")],
)
def test_what_a_report_cannot_show_is_asked_back_with_what_it_can(line: str, instead: str) -> None:
    decision = decided(reply(line), sent())
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "report_bounds")
    assert decision.answers[0].words["faults"][0]["suggestion"] == instead


@pytest.mark.parametrize(
    ("made", "threads"),
    [
        (reply("weeks: 26"), {}),
        (reply("weeks: 26"), customers()),
        (reply("weeks: 26", "and two lamps"), sent()),
    ],
)
def test_everybody_else_is_treated_as_any_customer(made: Case, threads: dict[str, QueuedMail]) -> None:
    assert as_wished(made, threads, CONFIG) is made
    assert isinstance(made.request, PlaceOrder)


@pytest.mark.parametrize(
    ("made", "threads"),
    [
        (reply("weeks: 26", sender="anna@shop.example", verdict=Verdict.NONE), sent()),
        (reply("weeks: many", sender="anna@shop.example", verdict=Verdict.NONE), sent()),
        (reply("weeks: 26", sender="mallory@shop.example"), sent()),
        (reply("weeks: 26", sender="\u212aarl@shop.example"), sent()),
        (reply("weeks: 26", sender="otto@shop.example"), sent()),  # staff, but this was sent to another
        (reply("weeks: 26", sender="otto@shop.example"), sent(recipient="otto")),  # no longer gets finance
        (reply("weeks: 26"), sent(recipient="gone")),
    ],
)
def test_a_wish_of_who_may_not_have_it_goes_to_a_person_and_is_never_an_order(
    made: Case, threads: dict[str, QueuedMail]
) -> None:
    assert isinstance(made.request, PlaceOrder)
    assert decided(made, threads).outcome is Outcome.PERSON


@pytest.mark.parametrize("line", ["weeks: many", "weeks: -5", "weeks: 1234567", "top = all", "Weeks:"])
def test_a_wish_without_a_number_is_asked_back(line: str) -> None:
    decision = decided(reply(line), sent())
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "report_bounds")
    assert decision.answers[0].words["faults"][0]["suggestion"] == "weeks: 26"


def test_an_address_that_only_looks_alike_is_not_theirs() -> None:
    config = Config.model_validate({"reports": {"staff": {"karl": {"address": "karl@shop.example"}}}})
    threads = sent(recipient="karl")
    assert decided(reply("weeks: 26", sender="karl@shop.example"), threads, config).reason == "report_again"
    assert decided(reply("weeks: 26", sender="\u212aarl@shop.example"), threads, config).reason != "report_again"


def test_who_is_no_recipient_any_more_when_it_is_decided_gets_nothing() -> None:
    asked = as_wished(reply("weeks: 26"), sent(), CONFIG)
    decision = decide(asked, Facts(threads=sent()), Config.model_validate({}), NOW)
    assert decision.outcome is Outcome.PERSON
