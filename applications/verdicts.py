"""What a search for the account of an unsettled submission came to (SubmissionAttempt.look_verdict)."""

from enum import StrEnum


class Verdict(StrEnum):
    """The first three are the judgement of an answer (submission/judging.py); a stored value is never renamed."""

    FOUND = "found"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    # The lender could not be asked: that says nothing about the account.
    NOT_ASKED = "not_asked"
    # The answer of the very call came after all, and says otherwise than what was settled meanwhile.
    CONTRADICTED = "contradicted"
    # And a manager, who asked the lender, kept to what was settled.
    OVERRULED = "overruled"


# What no search can settle.
FOR_A_PERSON = frozenset({Verdict.AMBIGUOUS, Verdict.CONTRADICTED})
