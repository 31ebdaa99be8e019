"""Changes of the figures, as they happen, and their sums."""

from django.db import models

from merchants.models import Store

NOBODY = 0


class Measure(models.TextChoices):
    """What is counted. Not shown to anybody."""

    STATUS = "status"  # applications, by their present status
    SUBMITTED = "submitted"  # applications that were sealed at least once
    DECIDED = "decided"  # applications with a decision, by the time that the first one took
    STEP = "step"  # steps that were saved, by the time that each took
    ABANDONED = "abandoned"  # drafts that were purged, by the last step that was saved


class _Counted(models.Model):
    """How often, by the store and the day on which the application was begun (by the store's clock).

    `key` is a status or a step. `tenths` is a duration in tenths of a second, rounded (durations.py), 0 where none is
    measured. `associate` is the id of the person who began the application; they and the customer's `language` stand
    only where they are told apart, which times do not need. Nothing is checked against the store's own row: a writer
    must not wait for somebody who holds that.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    measure = models.CharField(max_length=10, choices=Measure)
    day = models.DateField()
    key = models.CharField(max_length=20, blank=True)
    tenths = models.PositiveIntegerField(default=0)
    associate = models.BigIntegerField(default=NOBODY)
    language = models.CharField(max_length=5, blank=True)
    count = models.IntegerField()

    class Meta:
        abstract = True


class Change(_Counted):
    """One change, written in the transaction of what it counts. Insertions never wait for each other."""

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.count:+}"


class Total(_Counted):
    """The sum of the changes that were folded into it: of a day or, with the month's first day, of a whole month.

    The months are there so that a year is read as quickly as a few weeks.
    """

    is_month = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("store", "measure", "is_month", "day", "key", "tenths", "associate", "language"),
                name="one_total_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.count}"
