"""The chore that removes vault rows which nothing refers to any more."""

from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from daemon.service.house import House

log = structlog.get_logger()

UNTOUCHED = timedelta(days=1)
"""Intake writes the vault before the books, so only rows older than any running batch are judged."""
