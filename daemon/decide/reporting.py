"""Replies of staff to a report: who may ask for it again, and what they get."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back, for_person
from daemon.decide.thread import token_of
from daemon.letter import Letter, Verdict
from daemon.request.reporting import read_report_wish
from daemon.request.shapes import Ask, Fault, Reason
from store.facts import JSON, Mail, Outcome, QueuedMail, Role, a_labels

MOST = {"weeks": 104, "top": 100}
WORDS = {"finance": "weeks", "marketing": "top"}


def is_from_staff(letter: Letter, config: Config) -> bool:
    return bool(names_of(letter, config))


def names_of(letter: Letter, config: Config) -> set[str]:
    """Under which names the sender is configured to get reports; none unless the letter is proven to be theirs.

    Their addresses stand in the configuration and are compared here, so that none is kept.
    """
    if letter.sender is None or letter.verdict is not Verdict.PASS:
        return set()
    sender = comparable(letter.sender)
    return {name for name, one in config.reports.staff.items() if comparable(one.address) == sender}


def comparable(address: str) -> str:
    """Only ASCII is put into lower case: a Kelvin sign must not make somebody else's K."""
    local, _, domain = address.rpartition("@")
    return f"{local.lower() if local.isascii() else local}@{a_labels(domain)}"


def as_wished(case: Case, threads: Mapping[str, QueuedMail], config: Config) -> Case:
    """A reply to a report by who got it asks for that report again; every other letter stays as it is."""
    if not is_from_staff(case.letter, config) or report_answered(case, threads, config) is None:
        return case
    wish = read_report_wish(case.letter)
    return case if wish is None else replace(case, request=wish)


def report_answered(case: Case, threads: Mapping[str, QueuedMail], config: Config) -> Mail | None:
    """The report that the letter answers, if it was sent to its sender, who still is to get it."""
    names = names_of(case.letter, config)
    for message_id in case.letter.replies_to:
        queued = threads.get(token_of(message_id))
        if queued is None or queued.mail.role is not Role.STAFF:
            continue
        name, report = queued.mail.facts["recipient"], queued.mail.facts["report"]
        if name in names and report in config.reports.staff[name].reports:
            return queued.mail
    return None


def decide_report(case: Case, request: Ask, facts: Facts, config: Config, _now: datetime) -> Decision:
    """That report for the same period, with as many weeks, or as many of the best, as were asked for."""
    mail = report_answered(case, facts.threads, config)
    if mail is None:
        return for_person(case, facts, "prose")
    word, number = request.argument.split()
    takes = WORDS[mail.facts["report"]]
    if word != takes or not 1 <= int(number) <= MOST[takes]:
        instead = f"{takes}: {min(MOST[takes], max(1, int(number)))}"
        return ask_back(case, "report", (Fault(None, f"{word}: {number}", Reason.REPORT_BOUNDS, instead),), facts)
    told: JSON = {key: mail.facts[key] for key in ("report", "span", "recipient")} | {word: int(number)}
    # Of several late reports in one mail the last is the one that it tells in full.
    told["period"] = mail.facts["period"].rpartition("..")[2]
    answer = Answer(mail.kind, facts=told, words={"message_id": case.letter.message_id or ""}, role=Role.STAFF)
    return Decision(Outcome.DONE, "report_again", (answer,))
