"""Replies that mean what the mail they answer says: looked up before the facts are gathered, since it decides which."""

from collections.abc import Sequence

from daemon.config import Config
from daemon.decide import Case
from daemon.decide.proving import agreed
from daemon.decide.reporting import as_wished, is_from_staff
from daemon.decide.thread import mail_answered, token_of
from daemon.request.shapes import Yes
from store import outbox
from store.database import Connection


def in_their_threads(connection: Connection, cases: Sequence[Case], config: Config) -> list[Case]:
    """The cases in their order; a yes to a question for proof is what was asked, and staff may ask for a report again.

    Most letters are no such replies.
    """
    replies = [case for case in cases if case.request == Yes() or is_from_staff(case.letter, config)]
    tokens = [token_of(one) for case in replies for one in case.letter.replies_to]
    if not tokens:
        return list(cases)
    threads = outbox.by_tokens(connection, tokens)
    return [as_wished(agreed(case, mail_answered(case, threads)), threads, config) for case in cases]
