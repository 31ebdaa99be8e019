"""Fills what stands beside the sealed answers of the applications that exist. Answers that cannot be opened are left."""

from django.db import migrations


def fill(apps, _schema_editor):
    from applications.answers import Answers
    from applications.persons import search_keys
    from vault.keys import CannotOpen

    Application = apps.get_model("applications", "Application")
    for application in Application.objects.select_related("store", "credential").iterator(chunk_size=500):
        columns = {
            "environment": application.credential.environment,
            "day": application.created_at.astimezone(_zone(application.store)).date(),
            "step_saved_at": application.updated_at,
        }
        try:
            answers = Answers.from_json(application.answers)
        except CannotOpen:
            answers = None
        if answers is not None:
            columns |= {"province": answers.province, "amount": answers.amount}
            columns["last_step"] = next(reversed(answers.saved), "")
            if application.person_key:
                columns |= search_keys(answers).as_columns()
        Application.objects.filter(pk=application.pk).update(**columns)


def _zone(store):
    from zoneinfo import ZoneInfo

    return ZoneInfo(store.time_zone)


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_columns_for_lists"), ("merchants", "0003_staff_and_credentials")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
