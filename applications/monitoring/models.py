"""What is counted as it happens, so that a look at the metrics is cheap over millions of applications."""

from django.db import models


class Heartbeat(models.Model):
    """When something that should happen every few seconds was last done."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """Where the database was when it was last known to be the newest: one row (set_back.py).

    `started` is the start of the server that the sweep has looked at. `left_behind` are the hashes of checkpoints that
    witnesses have and a restore gave up. `set_back_at` is when it was noticed to be older than what was sent, at
    `set_back_to`, by `sign`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    place = models.CharField(max_length=100, blank=True)
    started = models.CharField(max_length=40, blank=True)
    left_behind = models.JSONField(default=list, blank=True)
    set_back_at = models.DateTimeField(null=True)
    set_back_to = models.CharField(max_length=150, blank=True)
    sign = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.place


class Tally(models.Model):
    """How often something came to an outcome, and after how long. The rows of a tally are added up.

    `bucket` is the place of the duration in `tallies.BOUNDS`. `shard` spreads the writers over several rows: those who
    record decisions at the same moment need not wait for each other.
    """

    what = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20)
    how = models.CharField(max_length=12, blank=True)
    bucket = models.PositiveSmallIntegerField()
    shard = models.PositiveSmallIntegerField()
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("what", "outcome", "how", "bucket", "shard"), name="one_row_per_shard"),
        ]

    def __str__(self) -> str:
        return f"{self.what} · {self.outcome} · {self.count}"
