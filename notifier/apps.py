"""The notifier as a Django app."""

from django.apps import AppConfig


class NotifierConfig(AppConfig):
    name = "notifier"
    verbose_name = "Messages"
    default_auto_field = "django.db.models.BigAutoField"
