"""What is wrong with a form, each error tied to the field in which it is put right."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """`field`: the id of the field in the page; empty for what is wrong with the form as a whole."""

    field: str
    sentence: str
    title: str = ""
    """The same in a few words, as the second half of a heading."""


class BadForm(ValueError):
    """The form cannot be taken as it was filled in; `errors` is never empty."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(each.sentence for each in errors))
        self.errors = tuple(errors)


def error_id(number: int) -> str:
    """The id of an error in the page, counted from 1, by which its field is described."""
    return f"error-{number}"
