"""Changes of the figures, as they happen, and their sums."""

from django.conf import settings
from django.db import models

from merchants.models import Store


class Measure(models.TextChoices):
    """What is counted. Not shown to anybody."""

    STATUS = "status"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    STEP = "step"
    ABANDONED = "abandoned"


class _Counted(models.Model):
    """How often, by the store and the day on which the application was begun (by the store's clock).

    `key` is a status or a step. `seconds` is a duration rounded to two significant digits, 0 where none is measured.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    day = models.DateField()
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    language = models.CharField(max_length=5)
    measure = models.CharField(max_length=10, choices=Measure)
    key = models.CharField(max_length=20, blank=True)
    seconds = models.DecimalField(max_digits=9, decimal_places=1, default=0)
    count = models.IntegerField()

    class Meta:
        abstract = True


class Change(_Counted):
    """One change, written in the transaction of what it counts. Insertions never wait for each other."""

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.count:+}"


class Total(_Counted):
    """The sum of the changes that were folded into it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("store", "measure", "day", "associate", "language", "key", "seconds"),
                name="one_total_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.key} {self.count}"
