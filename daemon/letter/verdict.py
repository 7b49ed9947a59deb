"""What the receiving server found out about the sender (RFC 8601), believed only from the server we name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.letter.shapes import Verdict

HEADER_CHARACTERS = 10_000
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([()])|\\.|([;=])|([^\s"()\\;=]+)|\s+|.', re.DOTALL)
RESULT_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Finding:
    """One method's result and what it was found for, in lower case: dkim, pass, {"header.d": "shop.example"}."""

    method: str
    result: str
    properties: dict[str, str]


def of(headers: Sequence[str], authserv_id: str, sender: str | None) -> Verdict:
    """The verdict on a sender from the Authentication-Results headers, topmost first.

    Only the topmost header with this authserv-id counts; without one configured none does. PASS needs
    DMARC, or DKIM or SPF for the From domain or a parent of it; FAIL needs DMARC, or both of the others,
    since SPF alone fails for every mail that was forwarded.
    """
    if not authserv_id:
        return Verdict.NONE
    for value in headers:
        statements = split(value[:HEADER_CHARACTERS])
        if statements and statements[0] and statements[0][0].lower() == authserv_id.lower():
            return judged([finding for told in statements[1:] if (finding := finding_of(told))], sender)
    return Verdict.NONE


def judged(findings: Sequence[Finding], sender: str | None) -> Verdict:
    results = {(finding.method, finding.result) for finding in findings}
    if ("dmarc", "fail") in results:
        return Verdict.FAIL
    if sender is not None and any(vouches(finding, sender.rpartition("@")[2]) for finding in findings):
        return Verdict.PASS
    passed = any(result == "pass" for method, result in results if method in ("dkim", "spf", "dmarc"))
    if not passed and {("dkim", "fail"), ("spf", "fail")} <= results:
        return Verdict.FAIL
    return Verdict.NONE


def vouches(finding: Finding, domain: str) -> bool:
    """Whether this finding says that the From domain itself sent the letter."""
    if finding.result != "pass":
        return False
    told = finding.properties
    if finding.method == "dmarc":
        return told.get("header.from", domain).rpartition("@")[2] == domain
    if finding.method == "dkim":
        return aligned(told.get("header.d") or told.get("header.i", ""), domain)
    return finding.method == "spf" and aligned(told.get("smtp.mailfrom", ""), domain)


def aligned(proven: str, domain: str) -> bool:
    """Whether the proven domain is the sender's, or a parent of it with a dot of its own ("com" proves nothing)."""
    proven = proven.rpartition("@")[2].removesuffix(".")
    return bool(proven) and (proven == domain or ("." in proven and domain.endswith("." + proven)))


def split(value: str) -> list[list[str]]:
    """The statements between semicolons, each as its tokens; comments, which nest, are left out."""
    statements: list[list[str]] = [[]]
    for text in tokens(value):
        if text == RESULT_SEPARATOR:
            statements.append([])
        else:
            statements[-1].append(text)
    return statements


def tokens(value: str) -> Iterator[str]:
    depth = 0
    for token in TOKEN.finditer(value):
        quoted, bracket, mark, word = token.groups()
        if bracket:
            depth = depth + 1 if bracket == "(" else max(depth - 1, 0)
        elif depth == 0 and quoted is not None:
            yield re.sub(r"\\(.)", r"\1", quoted).replace(RESULT_SEPARATOR, " ")
        elif depth == 0 and (mark or word):
            yield mark or word


def finding_of(told: list[str]) -> Finding | None:
    """method [/version] = result [reason = text] *(type.property = value); None when it is not of that form."""
    if len(told) < 3 or told[1] != "=":
        return None
    method = told[0].partition("/")[0].lower()
    properties: dict[str, str] = {}
    rest = told[3:]
    for at in range(len(rest) - 2):
        if rest[at + 1] == "=" and "." in rest[at]:
            # A property told twice is not to be relied on: the first stays.
            properties.setdefault(rest[at].lower(), rest[at + 2].lower())
    return Finding(method, told[2].lower(), properties)
