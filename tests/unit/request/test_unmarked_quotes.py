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


@pytest.mark.parametrize("attribution", ["The Shop <orders@shop.example>:", "2026年11月23日(月) The Shop:"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_nor_is_the_line_above_it_that_says_who_wrote_it(attribution: str, gap: str) -> None:
    ours = "Thank you! Your order MO-7K3F-9Q2D is booked."
    lines = f"Cancel please\n\n{attribution}{gap}{ours}"
    asked = read(letter("Re: Order MO-7K3F-9Q2D confirmed", lines, replies_to=("1@shop.example",), reply=True))
    assert isinstance(asked, CancelOrder)
