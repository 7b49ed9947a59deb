"""What the receiving server found out about the sender (RFC 8601), believed only from the server we name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.letter.shapes import Verdict
from store.facts import a_labels

HEADER_CHARACTERS = 10_000
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
PIECE = re.compile(r'([()])|(\s+)|([;=])|"(?:[^"\\]|\\.)*"|\\.|[^\s"()\\;=]+|.', re.DOTALL)
MARKED = re.compile(r'[()"\\]')
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
    since SPF alone fails for every mail that was forwarded. DMARC passed for a stranger's domain is FAIL too: the
    server took somebody else for the sender of this letter than we do.
    """
    if not authserv_id:
        return Verdict.NONE
    for value in headers:
        # What the limit cuts is left out whole: the half of a domain may be somebody else's.
        read = value if len(value) <= HEADER_CHARACTERS else value[:HEADER_CHARACTERS].rpartition(RESULT_SEPARATOR)[0]
        statements = split(read)
        if statements and statements[0] and statements[0][0].lower() == authserv_id.lower():
            return judged([finding for told in statements[1:] if (finding := finding_of(told))], sender)
    return Verdict.NONE


def judged(findings: Sequence[Finding], sender: str | None) -> Verdict:
    results = {(finding.method, finding.result) for finding in findings}
    if ("dmarc", "fail") in results:
        return Verdict.FAIL
    if sender is not None:
        domain = domain_of(sender)
        if any(contradicts(finding, domain) for finding in findings):
            return Verdict.FAIL
        if any(vouches(finding, domain) for finding in findings):
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
        return domain_of(told.get("header.from", domain)) == domain
    if finding.method == "dkim":
        return aligned(told.get("header.d") or told.get("header.i", ""), domain)
    return finding.method == "spf" and aligned(told.get("smtp.mailfrom", ""), domain)


def contradicts(finding: Finding, domain: str) -> bool:
    """Whether DMARC passed for another From; a parent's name is no contradiction, as some name where the policy is."""
    if (finding.method, finding.result) != ("dmarc", "pass"):
        return False
    told = domain_of(finding.properties.get("header.from", ""))
    return bool(told) and not aligned(told, domain)


def aligned(told: str, domain: str) -> bool:
    """Whether the proven domain is the sender's, or a parent of it with a dot of its own ("com" proves nothing)."""
    proven = domain_of(told)
    return bool(proven) and (proven == domain or ("." in proven and domain.endswith("." + proven)))


def domain_of(told: str) -> str:
    """The domain of an address or a domain, in A-labels: after the last @ outside of quotes; "" when that is none."""
    domain = (QUOTED.sub('"', told) if '"' in told else told).rpartition("@")[2]
    return "" if '"' in domain else a_labels(domain.removesuffix("."))


def split(value: str) -> list[list[str]]:
    """The statements between semicolons, each as its tokens; comments, which nest, are left out."""
    if not MARKED.search(value):
        return list(map(plain_tokens, value.split(RESULT_SEPARATOR)))
    statements: list[list[str]] = [[]]
    for text in tokens(value):
        if text == RESULT_SEPARATOR:
            statements.append([])
        else:
            statements[-1].append(text)
    return statements


def tokens(value: str) -> Iterator[str]:
    """The words, and the marks ; and =.

    What stands together is one word, a quoted local part with its domain; after = it may hold further = (RFC 8601
    section 2.2: a value may be an address).
    """
    depth, word, is_value = 0, "", False
    for piece in PIECE.finditer(value):
        bracket, space, mark = piece.groups()
        if bracket:
            depth = depth + 1 if bracket == "(" else max(depth - 1, 0)
        elif depth:
            continue
        elif not space and mark != RESULT_SEPARATOR and (not mark or is_value):
            word += piece[0]
            continue
        if word:
            yield unquoted(word)
        if mark:
            yield mark
        is_value = mark == "=" or (is_value and not mark and not word)
        word = ""
    if word:
        yield unquoted(word)


def plain_tokens(statement: str) -> list[str]:
    """The same for a statement where nothing is quoted and nothing is a comment, as in most headers: far quicker."""
    told: list[str] = []
    is_value = False
    for word in statement.split():
        if is_value or "=" not in word:
            told.append(word)
            is_value = False
        else:
            before, mark, after = word.partition("=")
            told += filter(None, (before, mark, after))
            is_value = not after
    return told


def unquoted(word: str) -> str:
    """A word that is quoted as a whole without its quotes; those of a local part stay, for its @ parts nothing."""
    whole = QUOTED.fullmatch(word)
    if not whole or "@" in whole[1]:
        return word
    return re.sub(r"\\(.)", r"\1", whole[1], flags=re.DOTALL).replace(RESULT_SEPARATOR, " ")


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
