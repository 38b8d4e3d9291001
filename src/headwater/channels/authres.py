"""How far a sender's domain is proven, read from one trusted header (RFC 8601). Pure.

Anybody can write an Authentication-Results header into a mail. Only those count that stand at
the very top and carry the id of the host that we trust, which must remove forged ones itself.
"""

import re
from collections.abc import Sequence
from typing import Literal

# `open`: the domain wishes forged mail refused, or may, and nobody could find out (`authcheck`).
Verdict = Literal["pass", "fail", "none", "open"]

_RESULT = re.compile(r"^([a-z0-9_-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_LONGEST = 10_000


def domain_verdict(headers: Sequence[str], *, trusted: str, from_domain: str) -> Verdict:
    """What the trusted host says of the From domain by DMARC.

    `headers` are the mail's Authentication-Results values, topmost first. `none` where nobody is
    trusted, the topmost is somebody else's, or DMARC says neither pass nor fail for this domain.
    """
    if not trusted.strip() or not from_domain:
        return "none"
    verdicts: list[Verdict] = []
    for header in headers:
        authserv_id, results = _parse(header)
        if authserv_id != trusted.strip().lower():
            break
        verdicts.extend(_dmarc(results, from_domain.lower()))
    # Two hosts of one name that disagree prove nothing good.
    return "fail" if "fail" in verdicts else "pass" if "pass" in verdicts else "none"


def _parse(header: str) -> tuple[str, list[str]]:
    first, *results = _split(_without_comments(header[:_LONGEST]))
    words = first.split()
    return (words[0].strip('"').lower() if words else ""), results


def _dmarc(results: Sequence[str], from_domain: str) -> list[Verdict]:
    found: list[Verdict] = []
    for result in results:
        match = _RESULT.match(result.strip())
        if not match or match[1].lower() != "dmarc":
            continue
        named = _PROPERTY.search(result)
        domain = named[1].strip('"').rpartition("@")[2].lower() if named else from_domain
        verdict = match[2].lower()
        if verdict == "fail":
            found.append("fail")
        elif verdict == "pass" and domain == from_domain:
            found.append("pass")
    return found


def _without_comments(text: str) -> str:
    """The text without (nested) comments; quoted strings are left alone."""
    out: list[str] = []
    depth, quoted, skip = 0, False, False
    for char in text:
        if skip:
            skip = False
            out.append("" if depth else char)
        elif char == "\\":
            skip = True
        elif char == '"' and not depth:
            quoted = not quoted
            out.append(char)
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and depth and not quoted:
            depth -= 1
        elif not depth:
            out.append(char)
    return "".join(out)


def _split(text: str) -> list[str]:
    """The text between semicolons that stand outside quotes."""
    parts, quoted = [""], False
    for char in text:
        quoted = quoted != (char == '"')
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts
