"""The one Django app."""

from django.apps import AppConfig


class TecumConfig(AppConfig):
    name = "tecum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tecum.config import checks  # noqa: F401  registers the system checks
        from tecum.web.sign_in import signals

        signals.listen()
