"""docs/security.md answers every requirement of ASVS 5.0.0 of levels 1 and 2, and the tests it names exist."""

import re
from collections.abc import Iterator

from django.conf import settings

from local_services.portal import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
# How many requirements of levels 1 and 2 each section has; they are numbered from 1.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
LEVEL_3 = {"3.4.7", "7.5.3", "13.1.2", "13.1.3", "14.2.6", "14.2.7"}
NUMBER = r"\d+\.\d+\.\d+"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ANSWERS = ("read", "operator: ", "not met", "not applicable, because ")


def rows() -> Iterator[tuple[set[str], str, str]]:
    """Numbers, how, and proof of every row."""
    for line in DOCUMENT.splitlines():
        if re.match(rf"\| {NUMBER}", line):
            numbers, _, how, proof = (cell.strip() for cell in line.strip("|").split("|"))
            yield set(numbers_in(numbers)), how, proof


def numbers_in(text: str) -> Iterator[str]:
    """`1.2.6–1.2.8, 1.3.1` one by one."""
    for first, last in re.findall(rf"({NUMBER})(?:–({NUMBER}))?", text):
        section, _, begin = first.rpartition(".")
        end = (last or first).rpartition(".")[2]
        yield from (f"{section}.{number}" for number in range(int(begin), int(end) + 1))


def test_every_requirement_is_answered_once() -> None:
    wanted = {f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)}
    answered = [number for numbers, _, _ in rows() for number in numbers]
    assert len(wanted) == 253
    assert wanted - set(answered) == set()
    assert set(answered) >= LEVEL_3
    assert len(answered) == len(set(answered))


def test_every_answer_is_a_test_or_says_why_there_is_none() -> None:
    assert [numbers for numbers, _, proof in rows() if not (TEST.search(proof) or proof.startswith(ANSWERS))] == []


def test_every_test_that_it_names_exists() -> None:
    named = set(TEST.findall(DOCUMENT))
    assert len(named) > 80
    missing = [f"{path}::{name}" for path, name in sorted(named) if not exists(path, name)]
    assert missing == []


def exists(path: str, name: str) -> bool:
    file = ROOT / path
    return file.exists() and re.search(rf"^def {name}\(", file.read_text(), re.MULTILINE) is not None


def test_only_json_travels_between_processes() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"
