"""What the making of reports says to the log, whoever has set up the log before."""

from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from daemon.reports import making

Said = MutableMapping[str, Any]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """Each line as it comes."""
    kept = LogCapture()
    monkeypatch.setattr(making, "log", structlog.wrap_logger(None, [kept], structlog.make_filtering_bound_logger(0)))
    return kept.entries
