"""What may be erased when its period is over, and how that is found. The indexes are in 0011.

Going back is refused by the database once anything was erased: the snapshot of an erased send is NULL, which the column
could not be before. Nothing brings it back, and a made-up one would be evidence of what was never sent.
"""

from django.db import migrations, models

import vault.fields


class Migration(migrations.Migration):
    dependencies = [("applications", "0009_keys_in_front_of_digests")]

    operations = [
        migrations.AddField("application", "erased_at", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("submissionattempt", "snapshot", vault.fields.EncryptedJSONField(null=True)),
        migrations.AlterField("settlement", "answer", vault.fields.EncryptedJSONField(null=True)),
    ]
