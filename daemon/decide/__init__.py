"""Requests to decisions: pure, with every fact and the time given."""

from daemon.decide.decide import decide
from daemon.decide.shapes import Answer, Case, Decision, Facts

__all__ = ["Answer", "Case", "Decision", "Facts", "decide"]
