"""A model with encrypted columns, of no installed app: the fixture in conftest.py makes its table."""

import uuid

from django.db import models

from vault.fields import EncryptedJSONField, EncryptedTextField


class Specimen(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=20, default="", blank=True)
    text = EncryptedTextField(null=True, blank=True)
    answers = EncryptedJSONField(default=dict)

    class Meta:
        app_label = "specimens"

    def __str__(self) -> str:
        return self.label


class Twin(models.Model):
    """Another table with a column of the same name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = EncryptedTextField()

    class Meta:
        app_label = "specimens"

    def __str__(self) -> str:
        return str(self.pk)
