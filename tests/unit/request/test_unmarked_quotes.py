"""Every mail of ours, sent back below a reply without a mark: only what stands above it counts."""

import pytest

from daemon.config import ShopConfig
from daemon.request import read
from daemon.request.shapes import CancelOrder, ForPerson, Request, Yes
from daemon.wording import Wording
from daemon.wording.specimens import Specimen, specimens
from tests.unit.request.hand_written import letter

SPECIMENS = [one for one in specimens() if one.mail.role is None]


def reply(specimen: Specimen, above: str) -> Request:
    worded = Wording(ShopConfig()).word(specimen.mail, specimen.enclosure, specimen.address)
    lines = f"{above}\n\n{worded.text}"
    return read(letter(f"Re: {worded.subject}", lines, replies_to=("1@shop.example",), reply=True))


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: f"{one.mail.kind}-{one.name}")
def test_what_comes_back_unmarked_is_no_command(specimen: Specimen) -> None:
    assert isinstance(reply(specimen, "Great, that's lovely."), ForPerson)
    assert isinstance(reply(specimen, "No, thanks"), ForPerson)
    assert isinstance(reply(specimen, "Yes please"), Yes)
    assert isinstance(reply(specimen, "Cancel"), CancelOrder)
