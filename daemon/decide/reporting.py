"""Replies of staff to a report: who may ask for it again, and what they get."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back, for_person
from daemon.decide.thread import token_of
from daemon.letter import Letter, Verdict
from daemon.request.reporting import read_report_wish
from daemon.request.shapes import Ask, Automatic, Bounced, Fault, ForPerson, Reason, Unreadable
from store.facts import JSON, Mail, Outcome, QueuedMail, Role, a_labels

MOST = {"weeks": 104, "top": 100}
EXAMPLES = {"weeks": 26, "top": 25}
WORDS = {"finance": "weeks", "marketing": "top"}
NUMBER = re.compile(r"[0-9]{1,6}")


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
    """A reply to a report by who got it asks for that report again; every other letter stays as it is.

    The same wish of anybody else is for a person: it looks like an item of an order, and is none.
    """
    # No machine asks for anything.
    wish = None if isinstance(case.request, Automatic | Bounced | Unreadable) else read_report_wish(case.letter)
    if wish is None or not any(queued.mail.role is Role.STAFF for queued in answered(case, threads)):
        return case
    theirs = report_answered(case, threads, config) is not None
    return replace(case, request=wish if theirs else ForPerson("report_not_theirs"))


def answered(case: Case, threads: Mapping[str, QueuedMail]) -> list[QueuedMail]:
    tokens = map(token_of, case.letter.replies_to)
    return [threads[token] for token in tokens if token in threads]


def report_answered(case: Case, threads: Mapping[str, QueuedMail], config: Config) -> Mail | None:
    """The report that the letter answers, if it was sent to its sender, who still is to get it."""
    names = names_of(case.letter, config)
    for queued in answered(case, threads):
        if queued.mail.role is not Role.STAFF:
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
    takes, (word, _, written) = WORDS[mail.facts["report"]], request.argument.partition(" ")
    number = int(written) if word in MOST and NUMBER.fullmatch(written) else None
    if number is None or word != takes or not 1 <= number <= MOST[takes]:
        read = request.argument if number is None else f"{word}: {number}"
        instead = EXAMPLES[takes] if number is None else min(MOST[takes], max(1, number))
        return ask_back(case, "report", (Fault(None, read, Reason.REPORT_BOUNDS, f"{takes}: {instead}"),), facts)
    told: JSON = {key: mail.facts[key] for key in ("report", "span", "recipient")} | {word: number}
    # Of several late reports in one mail the last is the one that it tells in full.
    told["period"] = mail.facts["period"].rpartition("..")[2]
    answer = Answer(mail.kind, facts=told, words={"message_id": case.letter.message_id or ""}, role=Role.STAFF)
    return Decision(Outcome.DONE, "report_again", (answer,))
