"""Indexes of narrowed lists that hold every column which narrows. Built beside the work, like those of 0006."""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

AddIndexBesideTheWork = import_module("applications.migrations.0006_indexes_of_lists").AddIndexBesideTheWork

NARROWING = ["status", "created_by", "province", "language", "environment", "amount"]
FORMER = {
    "status": "applications_by_status",
    "created_by": "applications_by_associate",
    "province": "applications_by_province",
    "language": "applications_by_language",
    "environment": "applications_by_environment",
}


def narrowed_by(column):
    """Puts the applications of a store with one value of a column in the order of lists, the other columns behind."""
    others = [other for other in NARROWING if other != column]
    name = f"narrowed_by_{column}"
    return AddIndexBesideTheWork(
        "application", models.Index(fields=["store", column, "created_at", "id", *others], name=name)
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("applications", "0007_quick_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *map(narrowed_by, FORMER),
        *(migrations.RemoveIndex("application", name) for name in FORMER.values()),
    ]
