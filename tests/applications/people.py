"""Other people than the one whose answers the factories give, and that one again."""

from datetime import date, timedelta

from applications.submission.same_person import OthersOfPerson, mark_of
from applications.submission.sealing import submit


def another_person(number):
    """The changes that make somebody else of them: phone and e-mail tell a person only with the birth date."""
    return {"last_name": f"Person {number}", "dob": str(date(1950, 1, 1) + timedelta(days=number))}


def submit_told(application, *, by):
    """Submit, by an associate who was told which applications of this person are answered."""
    told = mark_of(OthersOfPerson.of(application).answered)
    return submit(application, by=by, revision=application.revision, told=told)
