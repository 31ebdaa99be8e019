"""Whether an export reached its last row. Nothing has written one so far."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_follow_what_is_pending")]

    operations = [
        migrations.AddField(model_name="export", name="is_complete", field=models.BooleanField(default=False)),
    ]
