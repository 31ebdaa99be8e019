from django.db import migrations, models

from audit import triggers


def guard(apps, editor):
    triggers.install(editor.connection, ["audit_checkpoint"])


def unguard(apps, editor):
    triggers.remove(editor.connection, ["audit_checkpoint"])


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('up_to', models.BigIntegerField()),
                ('leaves', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('key_id', models.CharField(max_length=32)),
                ('signature', models.CharField(max_length=88)),
                ('heads', models.TextField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('failing_since', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
