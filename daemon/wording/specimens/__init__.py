"""Believable mails of every kind, to look at and to try each template with."""

from collections.abc import Iterator

from daemon.wording.specimens.asked import answers
from daemon.wording.specimens.changes import changes, not_understood, own_data, proofs, transcripts, wishes
from daemon.wording.specimens.made import Specimen
from daemon.wording.specimens.notices import notices, to_the_house
from daemon.wording.specimens.offers import offers, preferences
from daemon.wording.specimens.orders import cancellations, orders, questions

__all__ = ["Specimen", "specimens"]


def specimens(kind: str | None = None) -> Iterator[Specimen]:
    """All specimens, or those of one kind; the first of a kind is the everyday one."""
    for made in (
        *orders(),
        *questions(),
        *cancellations(),
        *proofs(),
        *changes(),
        *own_data(),
        *wishes(),
        *transcripts(),
        *not_understood(),
        *offers(),
        *preferences(),
        *answers(),
        *notices(),
        *to_the_house(),
    ):
        if kind is None or made.mail.kind == kind:
            yield made
