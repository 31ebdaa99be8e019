from django.db import migrations

from audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_event")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.install(editor.connection, ["audit_event"]),
            lambda apps, editor: triggers.remove(editor.connection, ["audit_event"]),
        )
    ]
