import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0011_indexes_of_erasure'),
    ]

    operations = [
        migrations.AddField(
            model_name='termsdocument',
            name='last_fetched_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name='TermsDisplay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('html', models.TextField()),
                ('words', models.PositiveIntegerField()),
                ('missing_words', models.PositiveIntegerField()),
                ('left_out', models.PositiveIntegerField()),
                ('is_complete', models.BooleanField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                (
                    'document',
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name='displays',
                        to='applications.termsdocument',
                    ),
                ),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('document', 'sha256'), name='terms_displayed_once_per_content')
                ],
            },
        ),
        migrations.AddField(
            model_name='termsacceptance',
            name='display',
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='acceptances',
                to='applications.termsdisplay',
            ),
        ),
        migrations.AddField(
            model_name='termsacceptance',
            name='scrolled_to_end',
            field=models.BooleanField(null=True),
        ),
        migrations.RunSQL(
            # What is there was last known to be the lender's when it was first fetched.
            'UPDATE applications_termsdocument SET last_fetched_at = first_fetched_at',
            migrations.RunSQL.noop,
        ),
    ]
