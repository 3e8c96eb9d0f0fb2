"""Who can sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tecum.kernel.ids import unguessable


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """One human being with credentials of their own (R-005, R-006)."""

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
