"""A follow-up for every application that is pending by now; later ones open with the status."""

from datetime import timedelta

from django.conf import settings
from django.db import migrations
from django.db.models import DateTimeField, ExpressionWrapper, F

AT_ONCE = 1000


def open_follow_ups(apps, _schema_editor):
    Application = apps.get_model("applications", "Application")
    FollowUp = apps.get_model("review", "FollowUp")
    due_at = ExpressionWrapper(
        F("updated_at") + timedelta(hours=settings.PENDING_DUE_HOURS), output_field=DateTimeField()
    )
    pending = Application.objects.filter(status="pending", follow_up=None).annotate(due_at=due_at)
    rows = pending.values_list("pk", "store_id", "due_at").iterator(chunk_size=AT_ONCE)
    waiting = []
    for application_id, store_id, due in rows:
        waiting.append(FollowUp(application_id=application_id, store_id=store_id, due_at=due))
        if len(waiting) == AT_ONCE:
            FollowUp.objects.bulk_create(waiting)
            waiting = []
    FollowUp.objects.bulk_create(waiting)


class Migration(migrations.Migration):
    dependencies = [("review", "0002_follow_ups_by_store")]
    operations = [migrations.RunPython(open_follow_ups, migrations.RunPython.noop)]
