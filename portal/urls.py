"""Addresses of the portal; see docs and the contract for what stays stable."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
