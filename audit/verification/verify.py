"""All of it, in its order."""

from collections import defaultdict
from collections.abc import Sequence

from audit.verification import witnesses as asked
from audit.verification.checkpoints import Claim, claims_of, read_checkpoints, unsigned
from audit.verification.diagnosis import diagnose
from audit.verification.findings import Finding, Kind, Report, Subject
from audit.verification.walking import walk
from audit.witnesses import Witness

_MOST_DIAGNOSED = 1_000  # subjects; beyond them it is enough to be named


def verify(given: Sequence[Witness] = ()) -> Report:
    """Read all evidence and ask these witnesses."""
    report = Report()
    sections = read_checkpoints(report.findings)
    walked = walk([section.up_to for section in sections])
    report.events, report.chains, report.uncovered = walked.events, walked.chains, walked.uncovered
    report.checkpoints = len(sections)
    claims: dict[Subject, list[Claim]] = defaultdict(list)
    unnamed: list[Finding] = []
    for section, tree in zip(sections, walked.trees, strict=True):
        fits = (tree.count, tree.root()) == (section.leaves, section.root)
        if not section.is_signed:
            report.findings.append(unsigned(section, fits=fits))
        if not fits:
            found = list(claims_of(section))
            for subject, claim in found:
                claims[subject].append(claim)
            if section.is_signed and not found:
                told = f"it signed {section.leaves} chains otherwise, and its list of them was changed too"
                unnamed.append(Finding(Kind.RECHAINED, told, checkpoint=section.number))
    suspects = list(dict.fromkeys([*walked.broken, *claims]))
    named = suspects[:_MOST_DIAGNOSED]
    report.findings += diagnose(named, {subject: claims[subject] for subject in named if subject in claims})
    report.findings += unnamed
    rest = suspects[_MOST_DIAGNOSED:]
    report.findings += [Finding(Kind.EDITED, "its events do not fit, as many others'", subject) for subject in rest]
    for witness in given:
        if witness.is_readable:
            report.witnesses.append(witness.label)
            report.findings += asked.ask(witness, sections)
        else:
            report.notes.append(f"{witness.label} cannot be asked from here: give what it has with --witness file:…")
    return report
