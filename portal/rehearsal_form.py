"""The form of a new rehearsal: what was handed in, what is wrong with it, and what the form shows again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone

from orgmodel.queries.quoting import quoted
from orgmodel.queries.rehearsal.plan_rows import FIRST_CHART, BadProposal
from orgmodel.sync.rehearsals import Plan
from portal.form_errors import BadForm, FieldError
from portal.templatetags.sightline import plural

LARGEST = 20 << 20
"""Bytes of a file that is taken."""
LARGEST_AGAIN = 1 << 20
"""Bytes of a file that the form gives back as text; a larger one must be chosen again."""
LISTED = 50
NAME, DUE = "rehearsal-name", "rehearsal-due"
LAYOUT = "\t\n\r\f"


@dataclass(frozen=True)
class Place:
    """Where a CSV is handed in: as a file or as text."""

    file: str
    text: str
    file_id: str
    text_id: str


CHANGES = Place("changes", "text", "rehearsal-changes", "rehearsal-text")
CHART = Place("chart", "chart_text", "rehearsal-chart", "rehearsal-chart-text")


def read_form(request: HttpRequest, maker: int) -> Plan:
    """What stands in the form. Raises BadForm with everything that is wrong with it."""
    errors: list[FieldError] = []
    name = request.POST.get("name", "").strip()
    if not name:
        errors.append(FieldError(NAME, "Give the rehearsal a name.", "the name is missing"))
    due = _due(request.POST.get("due", "").strip(), errors)
    changes, chart = _csv(request, CHANGES, errors), _csv(request, CHART, errors)
    if not changes and not any(each.field in {CHANGES.file_id, CHANGES.text_id} for each in errors):
        missing = "Choose a file, or write the changes."
        errors.append(FieldError(CHANGES.file_id, missing, "there are no changes"))
    if errors:
        raise BadForm(errors)
    return Plan(name, changes, chart, due, maker)


def shown_again(request: HttpRequest) -> dict[str, Any]:
    """What was typed and uploaded, for the form to show again; a file that is text comes back as text."""
    fields: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("name", "due", CHANGES.text, CHART.text)
    }
    # A field for dates shows nothing that is none: then it is a field for text.
    fields["due_as_text"] = bool(fields["due"]) and _day(fields["due"]) is None
    for place in (CHANGES, CHART):
        upload = request.FILES.get(place.file)
        if not isinstance(upload, UploadedFile):
            continue
        text = _decoded(upload) if (upload.size or 0) <= LARGEST_AGAIN else None
        typed = fields[place.text].strip()
        if text is None or (typed and _mark(typed) != request.POST.get(f"{place.text}_given_back")):
            fields["again"] = True
        else:
            fields[place.text] = text
            fields[f"{place.text}_given_back"] = _mark(text)
    return fields


def errors_of(request: HttpRequest, error: BadForm | BadProposal) -> dict[str, Any]:
    """What the page says of it: a title, at most fifty errors, and how many more there are."""
    if isinstance(error, BadForm):
        errors = error.errors
        wrong = errors[0].title if len(errors) == 1 else f"{len(errors)} things need correcting"
        return {"errors_title": f"Nothing was rehearsed: {wrong}", "errors": errors}
    rows = plural(error.bad_rows, "row is bad,rows are bad") if error.bad_rows else error.title
    field = _field_of(request, CHART if error.where == FIRST_CHART else CHANGES)
    return {
        "errors_title": f"Nothing was rehearsed: {rows}",
        "errors": [FieldError(field, problem) for problem in error.problems[:LISTED]],
        "more": max(0, len(error.problems) - LISTED),
    }


def _field_of(request: HttpRequest, place: Place) -> str:
    """The field in which the page shows again what was handed in there."""
    upload = request.FILES.get(place.file)
    large = isinstance(upload, UploadedFile) and (upload.size or 0) > LARGEST_AGAIN
    return place.file_id if large else place.text_id


def _due(text: str, errors: list[FieldError]) -> date | None:
    day = _day(text)
    if text and day is None:
        sentence = f"{quoted(text)} is not a date. Write the first day on which it holds as 2026-12-31."
        errors.append(FieldError(DUE, sentence, "the date is not valid"))
    elif day and day < timezone.localdate():
        sentence = "“Holds from” is in the past. Choose today or a later day, or leave it empty."
        errors.append(FieldError(DUE, sentence, "the date is in the past"))
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _csv(request: HttpRequest, place: Place, errors: list[FieldError]) -> str:
    """The text of a file, or what was written instead of it."""
    upload, written = request.FILES.get(place.file), request.POST.get(place.text, "").strip()
    if not isinstance(upload, UploadedFile):
        return written
    if _mark(written) == request.POST.get(f"{place.text}_given_back"):
        written = ""  # The form gave a file back as text, and another file was chosen instead.
    found = next(_file_errors(upload, place, written), None)
    if found:
        errors.append(found)
        return ""
    return _decoded(upload) or ""


def _file_errors(upload: Any, place: Place, written: str) -> Iterator[FieldError]:
    called = quoted(upload.name)
    if written:
        yield FieldError(
            place.text_id,
            f"There is a file, {called}, and text. Give one: empty the text field, or choose no file.",
            "there is both a file and text",
        )
    elif (upload.size or 0) > LARGEST:
        large = f"{called} is larger than {LARGEST >> 20} MB."
        yield FieldError(place.file_id, large, "the file is too large")
    elif (text := _decoded(upload)) is None:
        yield FieldError(
            place.file_id,
            f"{called} is not a text file in UTF-8. Save the spreadsheet as CSV in UTF-8 and choose that.",
            "the file is not a text file in UTF-8",
        )
    elif not text.strip():
        empty = f"{called} is empty. Choose a file with a header and at least one row."
        yield FieldError(place.file_id, empty, "the file is empty")


def _mark(text: str) -> str:
    """By what a text is known again that a browser sends back with line ends of its own."""
    return sha256("\n".join(text.strip().splitlines()).encode("utf-8", "replace")).hexdigest()


def _decoded(upload: Any) -> str | None:
    """A file as text; None for one that is no text in UTF-8."""
    upload.seek(0)
    try:
        text = str(upload.read(), "utf-8-sig")
    except UnicodeDecodeError:
        return None
    control = any(character < " " and character not in LAYOUT for character in text)
    return None if control else text
