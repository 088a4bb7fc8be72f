"""Fields that know their errors: what a field says of itself to those who do not see the page."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.form_errors import FieldError, error_id

register = template.Library()

DESCRIBED = 3
"""Errors that are read out with a field; the list above the form has all of them."""


@register.simple_tag
def described(errors: Sequence[FieldError] | None, field: str, *hints: str) -> SafeString:
    """The attributes of the field with this id: that it is wrong, and the ids of its errors and hints."""
    wrong = [error_id(n) for n, each in enumerate(errors or (), 1) if each.field == field]
    ids = " ".join([*wrong[:DESCRIBED], *filter(None, hints)])
    invalid = mark_safe('aria-invalid="true" ') if wrong else ""
    return format_html('{}aria-describedby="{}"', invalid, ids) if ids else mark_safe("")


@register.filter
def as_error_id(number: int) -> str:
    """The id under which an error stands in the list above the form."""
    return error_id(number)
