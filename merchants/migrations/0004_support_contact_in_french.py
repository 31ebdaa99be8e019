from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0003_staff_and_credentials'),
    ]

    operations = [
        migrations.AddField(
            model_name='merchant',
            name='support_contact_fr',
            field=models.CharField(blank=True, default='', help_text='For those who read French; empty when it is the same.', max_length=200, verbose_name='whom staff should tell, in French'),
        ),
    ]
