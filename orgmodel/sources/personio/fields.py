"""Custom attributes of persons: which of them are read, and under which of our names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orgmodel.facts import Value
from orgmodel.reports import SourceFailed
from orgmodel.sources.json_records import Record, key, parts
from orgmodel.sources.values import kept_value

OF_A_WORKER = ("employee_number", "worker_type", "time_zone", "manager")
"""Names in `[people] fields` that are no attributes: each is a field of its own of a person."""


@dataclass
class CustomFields:
    """The attributes that `[people] fields` names, by id, global id or label as Personio calls them."""

    fields: Mapping[str, str]
    shown: set[str] = field(default_factory=set)
    """Our names of those that some person had, filled or empty."""

    def values(self, person: Record) -> dict[str, Value]:
        """Our name → value, for those that are filled in. Raises BadRecord."""
        if not self.fields:
            return {}
        known = parts(person, "custom_attributes")
        found: dict[str, Value] = {}
        for name, theirs in self.fields.items():
            attribute = _meant(known, theirs)
            if attribute is None:
                continue
            self.shown.add(name)
            value = kept_value(attribute.get("value"))
            if value not in (None, "", []):
                found[name] = value
        return found

    def hidden(self) -> str:
        """Which attributes no person shows: misspelt or not readable, which is not empty. Or nothing.

        Raises SourceFailed where one tells who people are, since that is kept by no mark.
        """
        missing = [(name, theirs) for name, theirs in self.fields.items() if name not in self.shown]
        sentences = [
            f"No person in Personio shows the attribute {theirs!r} that people.fields.{name} names;"
            " make it readable for the credentials, or correct its name."
            for name, theirs in missing
        ]
        if any(name in OF_A_WORKER for name, _ in missing):
            raise SourceFailed(f"{' '.join(sentences)} Nothing was applied.")
        return " ".join(sentences)


def _meant(known: Sequence[Record], theirs: str) -> Record | None:
    for name in ("id", "global_id", "label"):
        for each in known:
            if key(each, name) == theirs:
                return each
    return None
