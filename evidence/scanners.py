"""The scanners: programs of others in an environment of their own, so that nothing of them is in the product.

python -m evidence.scanners    installs what requirements-scan.txt pins, unless it is there
"""

import hashlib
import json
import subprocess
import venv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chaos.results import RESULTS
from local_services.portal import ROOT

_PINS = ROOT / "requirements-scan.txt"
_PLACE = RESULTS.parent / "scanners"
_STAMP = _PLACE / "installed"

WAPITI, HEADERS = "Wapiti", "drHEADer"
SEVERITIES = ("informational", "low", "medium", "high", "critical")
# Left out: what only knows other people's software by lists it would fetch (cms, htp, nikto, takeover, wapp, wp_enum,
# network_device, log4shell), and `ssl`, because the certificate of a scan says nothing about production's.
MODULES = (
    "backup brute_login_form cookieflags crlf csp csrf exec file htaccess http_headers https_redirect ldap methods "
    "permanentxss redirect shellshock spring4shell sql ssrf timesql upload xss xxe"
).split()
_AT_ONCE = 4
_MARGIN = 120  # seconds; Wapiti finishes what it began


class NotInstalled(Exception):
    """`make scan` installs the scanners; without it there are none."""


@dataclass(frozen=True)
class Finding:
    """What a scanner says of one address. `category` is the scanner's own word."""

    scanner: str
    category: str
    severity: str
    where: str
    says: str
    by: str

    @property
    def counts(self) -> bool:
        """Whether it is above informational."""
        return self.severity != SEVERITIES[0]


@dataclass(frozen=True)
class Attack:
    """Where Wapiti goes, as whom, and for how many seconds. `listener`: an address that nobody else knows of.

    A quarter of the time is for the crawl, the rest for the modules in equal parts, of which each may need less.
    """

    url: str
    visitor: str
    cookies: Mapping[str, str]
    begin_at: Sequence[str]
    keep_out_of: Sequence[str]
    listener: str
    modules: Sequence[str]
    seconds: int


def install() -> None:
    """Make the environment what the pins say."""
    wanted = hashlib.sha256(_PINS.read_bytes()).hexdigest()
    if _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    print("scanners: installing the packages of requirements-scan.txt (half a minute the first time)", flush=True)
    venv.create(_PLACE, clear=True, with_pip=True)
    pip = [_program("python"), "-m", "pip", "install", "--quiet", "--quiet", "--require-hashes", "-r", str(_PINS)]
    subprocess.run(pip, check=True)
    _STAMP.write_text(wanted)


def versions() -> str:
    """As the environment has them. Raises NotInstalled."""
    if not _STAMP.exists():
        raise NotInstalled("There are no scanners yet: `make scan` installs them.")
    asked = 'from importlib.metadata import version as v; print(f\'Wapiti {v("wapiti3")}, drHEADer {v("drheader")}\')'
    return subprocess.run([_program("python"), "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def attack(given: Attack, folder: Path) -> tuple[int, list[Finding]]:
    """The number of pages Wapiti found, and what it says about them."""
    folder.mkdir()
    report, cookies = folder / "report.json", folder / "cookies.json"
    cookies.write_text(json.dumps(_as_wapiti_keeps_them(given.cookies)))
    command: list[object] = [_program("wapiti"), "-u", given.url, "--scope", "folder", "--verify-ssl", 0]
    command += ["--cookie", cookies, "--module", ",".join(given.modules), "--endpoint", given.listener]
    command += ["--dns-endpoint", "localhost"]  # none of the modules asks it; the usual one is on the Internet
    command += [part for path in given.begin_at for part in ("--start", given.url + path)]
    command += [part for path in given.keep_out_of for part in ("--exclude", given.url + path)]
    crawl = given.seconds / 4
    command += ["--max-scan-time", crawl, "--max-attack-time", (given.seconds - crawl) / len(given.modules)]
    command += ["--tasks", _AT_ONCE, "--timeout", 20, "--store-session", folder, "--store-config", folder]
    command += ["--no-bugreport", "--format", "json", "--output", report, "--verbose", 1]
    longest = 2 * given.seconds + _MARGIN
    for is_last in (False, False, True):
        with (folder / "said.log").open("wb") as said:
            done = subprocess.run([*map(str, command)], check=is_last, stdout=said, stderr=said, timeout=longest)
        if not done.returncode:
            break
        # Where the time of the crawl is over while its own database writes, it finds that locked.
        command.append("--flush-session")
    return read_wapiti(json.loads(report.read_text()), given.visitor)


def read_wapiti(report: Mapping[str, Mapping[str, list[Mapping[str, object]]]], by: str) -> tuple[int, list[Finding]]:
    """The same from Wapiti's report."""
    found = [
        Finding(WAPITI, category, SEVERITIES[int(str(one["level"]))], str(one["path"]), str(one["info"]), by)
        for kind in ("vulnerabilities", "anomalies", "additionals")
        for category, several in report[kind].items()
        for one in several
    ]
    pages = report["infos"].get("crawled_pages_nbr", 0)
    return int(str(pages)), found


def judge_headers(answers: Iterable[tuple[str, str, Mapping[str, str | list[str]]]], folder: Path) -> list[Finding]:
    """What drHEADer says of these answers, each the visitor, the address and its headers."""
    seen = list(answers)
    file = folder / "headers.json"
    file.write_text(json.dumps([{"url": url, "headers": dict(headers)} for _, url, headers in seen]))
    command = [_program("drheader"), "compare", "bulk", "--output", "json", "--cross-origin-isolated", str(file)]
    said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_MARGIN)
    judged = json.loads(said.stdout)
    assert [one for one in judged if one.get("error")] == []
    return [
        Finding(HEADERS, one["rule"], one["severity"], target["url"], _in_words(one), visitor)
        for (visitor, _, _), target in zip(seen, judged, strict=True)
        for one in target["report"]
    ]


def _in_words(said: Mapping[str, object]) -> str:
    more = (f"{name} {said[name]}" for name in ("value", "expected", "avoid", "anomalies") if said.get(name))
    return f"{said['message']}: {', '.join(more)}"


def _as_wapiti_keeps_them(cookies: Mapping[str, str]) -> Mapping[str, object]:
    kept = {"expires": None, "secure": True, "port": None, "version": 0}
    return {"127.0.0.1": {"/": {name: {"value": value, **kept} for name, value in cookies.items()}}}


def _program(name: str) -> str:
    return str(_PLACE / "bin" / name)


if __name__ == "__main__":
    install()
