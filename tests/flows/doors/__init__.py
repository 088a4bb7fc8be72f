"""A made-up system of doors: badge groups that mirror Okta groups, zones with doors, shares with a cap.

A list that names the doors it is `only` about is a partial read: it says who leads to them, and nothing else.
All that Sightline needs to read a system behind Okta stands here; the registry's line stands in the test.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from orgmodel.facts import MEMBER, AccountFact, EdgeFact, Fact, GrantFact, Ref, ResourceFact
from orgmodel.marks import Covered
from orgmodel.reports import Report, SourceFailed
from orgmodel.sources.source import Environment, Line, Reading, Source


class DoorsReader:
    """One read of the list that the doors keep, a file of JSON."""

    source = "doors"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.report = Report()

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Raises SourceFailed where there is no list to read."""
        try:
            data = json.loads(self._path.read_text())
        except (OSError, ValueError) as error:
            raise SourceFailed("The list of the doors cannot be read; check DOORS_FILE.") from error
        yield [_account(each) for each in data["people"]]
        yield [_resource("group", each) for each in data["badges"]]
        yield [_resource("app", each) for each in (*data["zones"], *data["doors"])]
        yield [*_of_badges(data["badges"]), *_of_zones(data["zones"]), *_of_doors(data["doors"])]
        yield [grant for each in data["badges"] for grant in _members(each)]
        if only := data.get("only"):
            yield [Covered(kind, door) for kind in ("grant", "edge") for door in only]
        else:
            yield [Covered(kind) for kind in ("account", "resource", "grant", "edge")]


def _account(row: dict[str, Any]) -> AccountFact:
    blank = ("", "", "", "", "")
    return AccountFact(
        *(row["id"], row["email"], row["email"], row["name"], "active"),
        *blank[:4],
        None,
        None,
        "",
        {},
        None,
        None,
    )


def _resource(kind: Any, row: dict[str, Any]) -> ResourceFact:
    status = "active" if kind == "app" else ""
    return ResourceFact(kind, row["id"], row["name"], "", "", status, {}, (), "", None, None)


def _badge(native_id: str) -> Ref:
    return Ref("", "group", native_id)


def _place(native_id: str) -> Ref:
    return Ref("", "app", native_id)


def _of_badges(rows: Sequence[dict[str, Any]]) -> Iterator[EdgeFact]:
    """A badge group mirrors a group of Okta, lies in others, and opens zones."""
    for row in rows:
        own = _badge(row["id"])
        if mirrored := row.get("mirrors"):
            yield EdgeFact(Ref("okta", "group", mirrored), MEMBER, own, MEMBER, "mirrors", 0, "")
        for outer in row.get("inside", ()):
            yield EdgeFact(own, MEMBER, _badge(outer), MEMBER, "opens", 0, "")
        for zone, level in row.get("keys", {}).items():
            yield EdgeFact(own, MEMBER, _place(zone), level, "opens", 0, "")


def _members(row: dict[str, Any]) -> Iterator[GrantFact]:
    """Who was put into a badge group in the doors themselves."""
    for person in row.get("members", ()):
        yield GrantFact(person, _badge(row["id"]), MEMBER, "unknown", (), "none")


def _of_zones(rows: Sequence[dict[str, Any]]) -> Iterator[EdgeFact]:
    """Who has a zone has what it is shared with, at most at the cap."""
    for row in rows:
        for other, cap in row.get("shared", {}).items():
            yield EdgeFact(_place(row["id"]), "", _place(other), "", "cascades", 0, cap)


def _of_doors(rows: Sequence[dict[str, Any]]) -> Iterator[EdgeFact]:
    """Who has a zone has the doors in it."""
    for row in rows:
        yield EdgeFact(_place(row["zone"]), "", _place(row["id"]), "", "cascades", 0, "")


def settings(environment: Environment) -> Path | None:
    """Where the list lies, if anywhere."""
    given = environment.text("DOORS_FILE")
    return Path(given) if given else None


def reader(path: Path, reading: Reading) -> DoorsReader:
    """A read of the list."""
    return DoorsReader(path)


def checks(path: Path) -> Iterator[Line]:
    """For the doctor."""
    yield Line(path.exists(), "The list of the doors is there", "" if path.exists() else "Check DOORS_FILE.")


SOURCE: Source[Path] = Source(
    name="doors",
    kind="doors",
    label="Doors",
    roles=frozenset({"access"}),
    set_up="set DOORS_FILE",
    settings=settings,
    reader=reader,
    checks=checks,
    levels={"visitor": 10, "member": 40, "steward": 50},
)
