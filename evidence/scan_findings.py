"""What the scanners say that is so on purpose, or is not so; each with its reason. docs/scans.md shows this table."""

import re
from dataclasses import dataclass

from evidence.scanners import HEADERS, Finding


@dataclass(frozen=True)
class Explained:
    """Findings of one category whose words match, and why they are none."""

    scanner: str
    category: str
    says: str
    why: str
    where: str = ""

    def explains(self, finding: Finding) -> bool:
        is_of_it = (finding.scanner, finding.category) == (self.scanner, self.category)
        return is_of_it and bool(re.search(self.says, finding.says)) and bool(re.search(self.where, finding.where))


EXPLAINED = (
    Explained(
        HEADERS,
        "Cache-Control",
        r"value no-store, expected \['no-store', 'max-age=0'\]",
        "`no-store` alone is stricter than what is missed beside it (RFC 9111 §5.2.2.5).",
    ),
    Explained(
        HEADERS,
        "Pragma",
        "not included",
        "A header of requests, obsolete since RFC 7234; `Cache-Control: no-store` is there.",
    ),
    Explained(
        HEADERS,
        "Referrer-Policy",
        "value same-origin",
        "Other sites are told nothing, as with `no-referrer`; our own forms need it: Django compares the Referer.",
    ),
    Explained(
        HEADERS,
        "Server",
        "should not be returned",
        "It says `portal`: gunicorn always sends one, and its own name stays out of it. A load balancer puts its own "
        "in its place.",
    ),
    Explained(
        HEADERS,
        "Strict-Transport-Security",
        "max-age=31536000; includeSubDomains; preload",
        "All that is expected is there; `preload` beside it makes it stricter.",
    ),
    Explained(
        HEADERS,
        "X-XSS-Protection",
        "not included",
        "It turned off a filter that no browser has any more; the Content-Security-Policy forbids inline scripts.",
    ),
)


def unexplained(findings: list[Finding]) -> list[Finding]:
    """Those above informational that nothing here explains."""
    return [one for one in findings if one.counts and not any(known.explains(one) for known in EXPLAINED)]
