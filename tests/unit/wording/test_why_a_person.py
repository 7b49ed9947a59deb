"""Every reason for which a letter goes to a person is told there as a sentence of its own."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import daemon.decide
import daemon.request
from daemon.config import ShopConfig
from daemon.request.beside import BESIDE_ORDER
from daemon.wording import Wording, specimens

ROOMS = [Path(str(room.__file__)).parent for room in (daemon.decide, daemon.request)]
LEADS_THERE = {"ForPerson", "Unreadable", "for_person", "rest_for_person"}
GIVES_REASONS = {"reason_for_person"}
WORDING = Wording(ShopConfig())


def texts_in(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def reasons_given() -> Iterator[str]:
    """What the rooms that decide write down as a reason: in a call that leads to a person, or returned for one."""
    for file in (file for room in ROOMS for file in room.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LEADS_THERE:
                yield from (text for argument in node.args for text in texts_in(argument))
            if isinstance(node, ast.FunctionDef) and node.name in GIVES_REASONS:
                returned = [one for one in ast.walk(node) if isinstance(one, ast.Return)]
                yield from (text for one in returned for text in texts_in(one))


NO_REASONS = {"quote", ""}
REASONS = sorted({*reasons_given(), BESIDE_ORDER} - NO_REASONS)


def why(reason: str) -> str:
    made = next(iter(specimens("forward")))
    assert made.enclosure is not None
    told = replace(made.enclosure, words={**made.enclosure.words, "reason": reason})
    text = " ".join(WORDING.word(made.mail, told, None).text.split())
    return text.split("Why it came to you: ")[1].split(" The ")[0].split(" Nothing ")[0]


def test_the_reasons_are_found() -> None:
    assert {"doubt", "prose", "complaint", "suppressed", "two_senders", "attachment"} <= set(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_it_is_told_in_a_sentence(reason: str) -> None:
    assert len(why(reason).split()) >= 4
    assert why(reason) != why("no such reason"), "it has a sentence of its own"


def test_a_reason_of_former_days_is_not_told_as_a_code_word() -> None:
    assert "of_former_days" not in why("of_former_days")
    assert "of former days" not in why("of_former_days")
