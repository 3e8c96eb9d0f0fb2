"""Every column of every table says what it may reveal (poster: the kit)."""

import pytest
from django.apps import apps
from django.db.models import Model

from tecum.kernel.classification import Kind, classified

# Tables that are not ours, but lie in our database and in its backups.
FOREIGN = {
    "account.EmailAddress": classified(plain="id user verified primary", personal="email"),
    "account.EmailConfirmation": classified(plain="id email_address created sent", credential="key"),
    "auth.Group": classified(plain="id name"),
    "auth.Permission": classified(plain="id name content_type codename"),
    "contenttypes.ContentType": classified(plain="id app_label model"),
    "mfa.Authenticator": classified(plain="id user type created_at last_used_at", credential="data"),
    "sessions.Session": classified(plain="expire_date", credential="session_key session_data"),
}


def tables() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != "auth.Group_permissions"
    ]


def columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def said(model: type[Model]) -> dict[str, Kind]:
    return FOREIGN.get(model._meta.label) or getattr(model, "CLASSIFIED", {})


@pytest.mark.parametrize("model", tables(), ids=lambda model: model._meta.label)
def test_every_column_of_every_table_says_what_it_may_reveal(model):
    assert set(said(model)) == columns(model)


def test_a_column_without_a_class_is_noticed(monkeypatch):
    from tecum.models import Person

    monkeypatch.delitem(Person.CLASSIFIED, "email")

    assert set(said(Person)) != columns(Person)


def test_a_column_cannot_be_of_two_classes():
    with pytest.raises(ValueError, match="twice"):
        classified(plain="email", personal="email")
