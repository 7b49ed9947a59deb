"""Replies that mean what the mail they answer says: looked up before the facts are gathered, since it decides which."""

from collections.abc import Sequence
from dataclasses import replace

from daemon.config import Config
from daemon.decide import Case
from daemon.decide.consent import as_stop
from daemon.decide.continuing import address_left_out, continued
from daemon.decide.proving import agreed
from daemon.decide.reporting import as_wished, is_from_staff
from daemon.decide.thread import mail_answered, token_of
from daemon.decide.yes import in_other_words
from daemon.handle.prepare import Desk
from daemon.request.shapes import Ask, ForPerson, PlaceOrder, Unclear, Yes
from store import outbox
from store.database import Connection


def in_their_threads(connection: Connection, cases: Sequence[Case], desk: Desk) -> list[Case]:
    """The cases in their order; a yes to a question for proof is what was asked, a yes in other words is a yes, lines
    in reply to a refusal are that order put right, and staff may ask for a report again.

    Most letters are no such replies.
    """
    replies = [case for case in cases if may_go_on(case, desk.config)]
    tokens = [token_of(one) for case in replies for one in case.letter.replies_to]
    if not tokens:
        return list(cases)
    threads = outbox.by_tokens(connection, tokens)
    answered = [mail_answered(case, threads) for case in cases]
    left_out = {name for pair in zip(cases, answered, strict=True) if (name := address_left_out(*pair))}
    places = desk.vault.addresses(left_out) if left_out else {}
    meant = []
    for case, mail in zip(cases, answered, strict=True):
        kept = places.get(address_left_out(case, mail) or "")
        there = replace(case, address=kept) if kept is not None else case
        said = continued(as_stop(in_other_words(agreed(there, mail), mail), mail), mail)
        meant.append(as_wished(said, threads, desk.config))
    return meant


def may_go_on(case: Case, config: Config) -> bool:
    """Any reply may say yes in words of its own, but those that certainly say something else."""
    if isinstance(case.request, PlaceOrder | Yes | Ask | ForPerson | Unclear):
        return bool(case.letter.replies_to)
    return is_from_staff(case.letter, config)
