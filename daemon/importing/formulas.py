"""Texts that a spreadsheet would take for formulas: the mark that keeps it from doing so, and its removal."""

DANGEROUS = tuple("=+-@\t\r＝＋－＠")
"""What a formula begins with, also in the full-width forms that some spreadsheets take (OWASP, "CSV Injection")."""


def guarded(text: str) -> str:
    """The text with an apostrophe before it where it needs one; `unguarded` gives every text back as it was."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(DANGEROUS) else text
