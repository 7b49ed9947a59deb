"""Log lines for the operator: plain or JSON, on standard error, never holding a mail address."""

import logging
import re
import sys
from typing import Any

import structlog

from daemon.config import LogConfig

ADDRESS = re.compile(r"[^\s<>\"'(),:;=\[\]]{1,64}@[^\s<>\"'(),:;=\[\]]{1,255}")


def redact(text: str) -> str:
    """Whatever looks like a mail address is blotted out; Message-IDs go with them, which costs nothing."""
    return ADDRESS.sub("<address>", text)


class RedactingHandler(logging.StreamHandler[Any]):
    """The last door: addresses arrive in the texts of exceptions, so the finished line is what is cleaned."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(config: LogConfig) -> None:
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if config.format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    handler = RedactingHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=STEPS,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.level.upper())
    for chatty in ("imapclient", "aiosmtplib", "sqlalchemy", "alembic", "asyncio", "schedule"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[config.level.upper()]),
        cache_logger_on_first_use=True,
    )


STEPS: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
