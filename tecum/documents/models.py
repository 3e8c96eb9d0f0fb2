"""The table of stored files."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class StoredFile(models.Model):
    """
    Bytes that were sealed under a matter's key and lie on the disk. What they were called stays with who stored them,
    inside their own seal: a name can tell as much as a content.
    """

    CLASSIFIED = classified(
        plain="id matter address sealed_size size media_type purpose stored_at stored_by removed_at",
        sealed="sha256",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    matter = models.CharField(max_length=26, db_index=True)
    address = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the sealed bytes, and their place"
    )
    sealed_size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the content, in hexadecimal digits")
    size = models.BigIntegerField(help_text="Of the content, in bytes")
    media_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=40)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(size__gte=0, sealed_size__gt=0), name="stored_file_sizes"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["purpose", "id"], name="stored_file_purpose")
        ]

    def __str__(self) -> str:
        return self.id
