from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='event')),
                ('subject_type', models.CharField(max_length=100, verbose_name='kind of subject')),
                ('subject_id', models.CharField(max_length=64, verbose_name='subject')),
                ('actor_id', models.CharField(blank=True, max_length=64)),
                ('actor', models.CharField(blank=True, max_length=200, verbose_name='by')),
                ('merchant_id', models.CharField(blank=True, max_length=64, verbose_name='merchant')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('detail', models.JSONField(blank=True, default=dict, verbose_name='detail')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='audit_event_of_subject'), models.Index(fields=['merchant_id', 'id'], name='audit_event_of_merchant')],
            },
        ),
    ]
