from django.db import migrations, models

from audit import heads, triggers
from audit.chain import BEGINNING, HASHED, event_hash, written

AT_ONCE = 2000


def chain_what_there_is(apps, editor):
    """Number and hash the events there are: each subject's in the order in which they were recorded."""
    Event = apps.get_model("audit", "Event")
    rows = Event.objects.using(editor.connection.alias).order_by("subject_type", "subject_id", "id")
    subject, sequence, last, links = None, 0, BEGINNING, []
    for row in rows.values("id", *HASHED).iterator(AT_ONCE):
        if subject != (row["subject_type"], row["subject_id"]):
            subject, sequence, last = (row["subject_type"], row["subject_id"]), 0, BEGINNING
        sequence, previous = sequence + 1, last
        last = event_hash({**row, "sequence": sequence, "previous": previous, "at": written(row["at"])})
        links.append((sequence, previous, last, row["id"]))
        if len(links) == AT_ONCE:
            _write(editor, links)
            links = []
    _write(editor, links)


def _write(editor, links):
    with editor.connection.cursor() as cursor:
        cursor.executemany("UPDATE audit_event SET sequence = %s, previous = %s, hash = %s WHERE id = %s", links)


def with_connection(*functions):
    def run(apps, editor):
        for function in functions:
            function(editor.connection)

    return run


def guard(connection):
    triggers.install(connection, ["audit_event"])


def unguard(connection):
    triggers.remove(connection, ["audit_event"])


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(with_connection(unguard), with_connection(guard)),
        migrations.AddField(
            model_name='event',
            name='sequence',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='number in its chain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='event',
            name='previous',
            field=models.CharField(default='', editable=False, max_length=64, verbose_name='hash of the event before'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='event',
            name='hash',
            field=models.CharField(default='', editable=False, max_length=64, verbose_name='hash'),
            preserve_default=False,
        ),
        migrations.RunPython(chain_what_there_is, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='event', name='audit_event_of_subject'),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(
                fields=('subject_type', 'subject_id', 'sequence'), name='audit_event_in_chain'
            ),
        ),
        migrations.RunPython(with_connection(heads.install, guard), with_connection(unguard, heads.remove)),
    ]
