"""Names and categories of products are shown as they are written, in HTML as well: they are no markup."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.config import ShopConfig
from daemon.wording import Specimen, Wording, specimens

WORDING = Wording(ShopConfig())
NAMED = {"name", "category", "after"}
ODD = "<b>Salt</b> & <i>Co</i>"


def renamed(told: Any, within: bool = False) -> Any:
    """The facts with every name in them replaced; a macro of a .txt template that HTML imports would not escape it."""
    if isinstance(told, dict):
        return {key: renamed(value, key in NAMED) for key, value in told.items()}
    if isinstance(told, list):
        return [renamed(value, within) for value in told]
    return ODD if within and isinstance(told, str) and told else told


@pytest.mark.parametrize("made", list(specimens()), ids=lambda made: f"{made.mail.kind}-{made.name}")
def test_a_name_is_no_markup(made: Specimen) -> None:
    facts = renamed(made.mail.facts)
    html = WORDING.word(replace(made.mail, facts=facts), made.enclosure, made.address).html
    assert "<b>Salt" not in html
    assert "<i>Co" not in html
    if facts != made.mail.facts:
        assert "&lt;b&gt;Salt" in html
