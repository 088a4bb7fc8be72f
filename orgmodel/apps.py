"""The read model as a Django app."""

from django.apps import AppConfig


class OrgModelConfig(AppConfig):
    name = "orgmodel"
    verbose_name = "Read model"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orgmodel.management import checks  # noqa: F401  # registers itself
