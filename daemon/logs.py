"""Log lines for the operator: plain or JSON, on standard error, never holding a mail address."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog

from daemon.config import LogConfig

ADDRESS = re.compile(r"[^\s<>\"'(),:;=\[\]]{1,64}@[^\s<>\"'(),:;=\[\]]{1,255}")

UNWRITABLE = (OSError, ValueError)
"""What a file says that is full, broken or closed."""


def redact(text: str) -> str:
    """Whatever looks like a mail address is blotted out; Message-IDs go with them, which costs nothing."""
    return ADDRESS.sub("<address>", text) if "@" in text else text


class RedactingHandler(logging.StreamHandler[Any]):
    """The last door: addresses arrive in the texts of exceptions, so the finished line is what is cleaned."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Called where `emit` failed. The standard library would print the line's arguments, addresses and all."""
        if not isinstance(sys.exception(), UNWRITABLE):
            Paper(self.stream).msg(f"a log line cannot be put together: {record.pathname}:{record.lineno}")


class Paper:
    """The last door for our own lines, which do without the standard library's: it takes three times as long."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def msg(self, line: str) -> None:
        # Orders matter more than lines about them: on a full disk, or when nobody reads any more, a line is dropped.
        with suppress(*UNWRITABLE):
            self.file.write(redact(line) + "\n")

    debug = info = warning = error = critical = exception = msg


def set_up(config: LogConfig, file: TextIO | None = None) -> None:
    """To `file`, else standard error. Other people's lines come through `logging` and look like ours."""
    paper = file or sys.stderr
    renderer: Any = structlog.processors.JSONRenderer() if config.format == "json" else plain
    handler = RedactingHandler(paper)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=STEPS,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.level.upper())
    for chatty in ("imapclient", "aiosmtplib", "sqlalchemy", "alembic", "asyncio", "schedule", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*STEPS, renderer],
        logger_factory=lambda *_: Paper(paper),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[config.level.upper()]),
        cache_logger_on_first_use=True,
    )


STEPS: list[Any] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
in_pairs = structlog.processors.LogfmtRenderer()


def plain(logger: Any, name: str, told: MutableMapping[str, Any]) -> str:
    """Time, level and event, then what belongs to it as key=value; a trace follows on lines of its own."""
    at, level, event = told.pop("timestamp"), told.pop("level"), told.pop("event")
    trace = told.pop("exception", None)
    line = f"{at} [{level:<8}] {event} {in_pairs(logger, name, told)}".rstrip()
    return f"{line}\n{trace}" if trace else line
