"""What the operator reads: one line an event, and never a mail address in it, whoever wrote the line."""

import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.config import LogConfig
from daemon.logs import set_up

ADDRESSES = st.from_regex(r"[a-z0-9._+-]{1,20}@[a-z0-9-]{1,20}\.example", fullmatch=True)
FORMATS = st.sampled_from(["plain", "json"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=ADDRESSES, words=st.text(max_size=20), form=FORMATS)
def test_no_address_reaches_the_log(address: str, words: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogConfig.model_validate({"format": form}))
    log = structlog.get_logger()
    log.warning("refused", reason=f"{words} <{address}> {words}", told=[address])
    logging.getLogger("library").warning("to %s", address)
    try:
        raise ValueError(f"no such mailbox: {address}")
    except ValueError:
        log.exception("broke")
    told = capsys.readouterr().err
    assert address not in told
    assert "refused" in told
    assert "ValueError: no such mailbox" in told


def test_an_event_is_one_line_whatever_stands_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogConfig(format="plain"))
    structlog.get_logger().info("letter", reason="one\ntwo [error] forged", nothing=None, count=3)
    [line] = capsys.readouterr().err.splitlines()
    assert "[info    ] letter" in line
    assert "count=3" in line


def test_json_lines_are_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogConfig(format="json"))
    structlog.get_logger().info("letter", reason="one\ntwo", count=3)
    logging.getLogger("library").error("of others")
    ours, others = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["level"], ours["reason"], ours["count"]) == ("letter", "info", "one\ntwo", 3)
    assert (others["event"], others["level"]) == ("of others", "error")


def test_a_level_that_is_not_asked_for_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogConfig(level="warning"))
    structlog.get_logger().info("letter")
    assert capsys.readouterr().err == ""


def full() -> TextIO:
    return Path("/dev/full").open("w", buffering=1)


def closed() -> TextIO:
    with Path("/dev/null").open("w") as file:
        return file


@pytest.mark.parametrize("broken", [full, closed])
def test_a_line_that_cannot_be_written_is_dropped_and_nobody_is_kept_from_work(
    broken: Callable[[], TextIO], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(LogConfig(), broken())
    structlog.get_logger().warning("mailbox_failed", mailbox="orders")
    logging.getLogger("library").warning("to %s", "ada@customer.example")
    assert capsys.readouterr().err == ""


def test_a_line_that_a_library_put_together_wrongly_is_told_without_its_arguments() -> None:
    paper = StringIO()
    set_up(LogConfig(), paper)
    logging.getLogger("library").warning("%d letters", "ada@customer.example")
    [line] = paper.getvalue().splitlines()
    assert line.startswith("a log line cannot be put together: ")
    assert "customer.example" not in line
