"""By what the purge finds what is due. Built beside the work, like those of 0006."""

from importlib import import_module

from django.db import migrations, models

AddIndexBesideTheWork = import_module("applications.migrations.0006_indexes_of_lists").AddIndexBesideTheWork


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("applications", "0010_erasure")]

    operations = [
        AddIndexBesideTheWork(
            "application",
            models.Index(
                condition=models.Q(("erased_at", None)), fields=["updated_at"], name="applications_to_erase"
            ),
        ),
        AddIndexBesideTheWork(
            "application",
            models.Index(
                condition=models.Q(("erased_at", None), _negated=True),
                fields=["updated_at"],
                name="erased_applications",
            ),
        ),
        AddIndexBesideTheWork(
            "submissionattempt",
            models.Index(
                condition=models.Q(("sensitive__isnull", False)),
                fields=["application"],
                name="attempts_with_sensitive",
            ),
        ),
    ]
