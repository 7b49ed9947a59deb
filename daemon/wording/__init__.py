"""What is mailed, in words: a row of the outbox to subject, text, HTML and the whole message."""

from daemon.wording.compose import KINDS, Worded, Wording, shipped_templates
from daemon.wording.mime import UnmailableError
from daemon.wording.preview import write_specimens
from daemon.wording.specimens import Specimen, specimens

__all__ = [
    "KINDS",
    "Specimen",
    "UnmailableError",
    "Worded",
    "Wording",
    "shipped_templates",
    "specimens",
    "write_specimens",
]
