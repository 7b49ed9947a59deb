"""Bytes to letters: pure parsing that never raises on what strangers send."""

from daemon.letter.letter import digest_of, parse
from daemon.letter.shapes import BounceReport, Damage, Letter, Limits, Sheet, Unopened, Verdict

__all__ = ["BounceReport", "Damage", "Letter", "Limits", "Sheet", "Unopened", "Verdict", "digest_of", "parse"]
