"""The indexes of lists. On PostgreSQL they are built beside the work of a large table, which nobody then waits for.

What an interrupted build left behind is dropped first, so that the migration can simply be run again.
"""

from django.conf import settings
from django.db import migrations, models


class AddIndexBesideTheWork(migrations.AddIndex):
    """CREATE INDEX CONCURRENTLY where there is such a thing."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.add_index(model, self.index, concurrently=True)


def of_list(name, column):
    """Puts the applications of a store with one value of a column in the order of lists."""
    index = models.Index(fields=["store", column, "created_at", "id"], name=name)
    return AddIndexBesideTheWork("application", index)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("applications", "0005_fill_columns_for_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        of_list("applications_by_status", "status"),
        of_list("applications_by_associate", "created_by"),
        of_list("applications_by_province", "province"),
        of_list("applications_by_language", "language"),
        of_list("applications_by_environment", "environment"),
        of_list("applications_by_amount", "amount"),
        AddIndexBesideTheWork(
            "submissionattempt",
            models.Index(
                condition=models.Q(("look_verdict", "contradicted")), fields=["store"], name="contradicted_attempts"
            ),
        ),
    ]
