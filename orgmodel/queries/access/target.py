"""A group or an app as it is named in answers, and the SQL that it is made of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.why.level_rules import Combine


def columns(alias: str, moment: Moment | None = None) -> str:
    """SQL: what a `Target` is made of, over the alias; with a moment by its name and status of then."""
    name, status = (
        moment.label(alias, "resource", column) if moment else f"{alias}.{column}"
        for column in ("name", "status")
    )
    before = f"{alias}.id, {alias}.kind, {name}, {alias}.native_id, {alias}.key, {status}"
    before += f", array_to_string({alias}.unread, ' '), coalesce({alias}.profile ->> 'implicit', '') = 'true'"
    listed = f"{before}, {alias}.type, {alias}.description, {alias}.everyone"
    connected = f"{alias}.features::text || coalesce({alias}.profile ->> 'sign_on', '')"
    parent = f"(SELECT x.name FROM orgmodel_resource x WHERE x.id = {alias}.parent_id)"
    return f"{listed}, {connected}, {alias}.parent_id, {parent}, {alias}.source, {alias}.combine"


COLUMNS = columns("r")


@dataclass(frozen=True)
class Target:
    """A group or an app as it is named in answers."""

    pk: int
    kind: str
    name: str
    native_id: str
    key: str = ""
    """Its key in addresses."""
    status: str = ""
    unread: str = ""
    """Kinds of its facts that the last read could not see, with blanks between: unknown, not empty."""
    implicit: bool = False
    """Everyone may use the app without an assignment."""
    type: str = ""
    description: str = ""
    everyone: bool = False

    features: str = ""
    """Okta's features and sign-on mode, as text."""
    parent: int | None = None
    """The app that an imported group comes from."""
    parent_name: str | None = None
    source: str = ""
    combine: Combine = "priority"
    """Which of several levels counts."""

    def comes_from(self, hidden: Collection[int]) -> str:
        """The name of that app, where there is one that may be told."""
        return (self.parent_name or "") if self.parent not in hidden else ""

    @property
    def open(self) -> bool:
        """An inactive app opens nothing, though its assignments stay."""
        return self.status != "inactive"

    @property
    def for_all(self) -> bool:
        """Whoever can sign in may use the app, and Okta lists no assignments."""
        return self.implicit and self.open

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "name": self.name, "native_id": self.native_id}


def targets(ids: Iterable[int]) -> dict[int, Target]:
    """Groups and apps by id."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM orgmodel_resource r WHERE r.id = ANY(%s)", [sorted(set(ids))])
        return {row[0]: Target(*row) for row in cursor.fetchall()}
