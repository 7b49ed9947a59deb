"""Questions: each kind with the function that answers it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from daemon.config import Config
from daemon.decide.again import decide_again
from daemon.decide.believing import is_believed
from daemon.decide.browsing import decide_listing
from daemon.decide.consent import decide_start, decide_stop
from daemon.decide.history import decide_my_orders, decide_status
from daemon.decide.own_data import decide_erase, decide_export
from daemon.decide.proving import refuse_proof
from daemon.decide.recommending import decide_recommend
from daemon.decide.reporting import decide_report
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.wishing import decide_notify
from daemon.request.shapes import Ask, AskKind
from store.facts import Outcome

Answering = Callable[[Case, Ask, Facts, Config, datetime], Decision]


def decide_help(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """The language on one page; its first lines for somebody who may not have asked."""
    told = {"short": not is_believed(case, facts.threads)}
    return Decision(Outcome.DONE, "told", (Answer("help", facts=told),))


ANSWERS: Mapping[AskKind, Answering] = {
    AskKind.MY_ORDERS: decide_my_orders,
    AskKind.STATUS: decide_status,
    AskKind.RECOMMEND: decide_recommend,
    AskKind.PRODUCTS_UNDER: decide_listing,
    AskKind.CATALOG: decide_listing,
    AskKind.MORE: decide_listing,
    AskKind.HELP: decide_help,
    AskKind.AGAIN: decide_again,
    AskKind.EXPORT: decide_export,
    AskKind.ERASE: decide_erase,
    AskKind.NOTIFY: decide_notify,
    AskKind.REPORT: decide_report,
    AskKind.STOP: decide_stop,
    AskKind.START: decide_start,
}


def decide_ask(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """What a question is answered, by its kind alone; whether its sender is believed enough is each answer's matter."""
    refused = refuse_proof(case, request, facts)
    if refused is not None:
        return refused
    return ANSWERS[request.kind](case, request, facts, config, now)
