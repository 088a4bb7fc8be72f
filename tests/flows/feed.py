"""HR beside Okta: a feed of CSV files that may run ahead of the pretend Okta, or behind it."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from .conftest import Nordwind

COLUMNS = ("id", "email", "name", "status", "manager_id", "team", "department")


@dataclass
class Feed:
    """The HR records by first name; units under `units`, where a structure is kept."""

    folder: Path
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    units: list[dict[str, str]] = field(default_factory=list)

    def set(self, name: str, **values: str) -> None:
        """Change one record and write the file."""
        self.rows[name].update(values)
        self.write()

    def write(self) -> None:
        _write(self.folder / "people.csv", list(self.rows.values()))
        if self.units:
            _write(self.folder / "units.csv", self.units)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def feed_of(nordwind: Nordwind, folder: Path) -> Feed:
    """What HR knows of the company as it stands; HR calls teams by name where Okta has the slug."""
    by_number = {user.profile["employeeNumber"]: name for name, user in nordwind.users.items()}
    feed = Feed(folder)
    for number, name in by_number.items():
        profile = nordwind.users[name].profile
        feed.rows[name] = dict.fromkeys(COLUMNS, "") | {
            "id": number,
            "email": profile["login"],
            "name": f"{profile['firstName']} {profile['lastName']}",
            "status": "active",
            "manager_id": profile.get("managerId") or "",
            "team": profile["team"].title(),
        }
    feed.write()
    return feed
