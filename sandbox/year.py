"""The year that has passed at Nordwind, as dated scenes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .company import Company
from .names import DOMAIN
from .scenario import NADIA, rename_unit

FOUNDED_DAYS_AGO = 365
"""When the year begins: the first read of Nordwind."""
PICKED = range(30, 111, 9)


def begin(company: Company) -> None:
    """What was otherwise a year ago: Cucumber was still called Gherkin. Nobody hears of it."""
    company.tenant.quiet = True
    rename_unit(company, "cucumber", "Gherkin")
    company.tenant.quiet = False


@dataclass(frozen=True)
class Dated:
    """A scene so many days before the end of the year."""

    days_ago: int
    scene: str
    args: dict[str, str]


def year(company: Company) -> Sequence[Dated]:
    """The scenes, oldest first; the same for the same company however many have been played."""
    others = [
        each.email for each in company.people.values() if each.name not in {"Nadia Brandt", "Tomas Okafor"}
    ]
    pick = [others[place] for place in PICKED]
    return (
        Dated(330, "joiner", {"name": "Edda Falk", "team": "radish"}),
        Dated(310, "add_by_hand", {"person": NADIA, "group": "tableau-viewers"}),
        Dated(290, "move", {"person": pick[0], "team": "leek"}),
        Dated(271, "leaver", {"person": pick[1]}),
        Dated(250, "rename_unit", {"team": "gherkin", "name": "Cucumber"}),
        Dated(232, "move", {"person": pick[2], "team": "cucumber"}),
        Dated(210, "open_app", {"group": "team-cucumber", "app": "Grafana", "role": "Editor"}),
        Dated(190, "manager_change", {"person": pick[3], "manager": f"lena.osei@{DOMAIN}"}),
        Dated(171, "joiner", {"name": "Ivo Stein", "team": "cucumber"}),
        Dated(150, "add_by_hand", {"person": pick[4], "group": "team-radish"}),
        Dated(131, "reorg", {"team": "okra", "into": "pepper"}),
        Dated(75, "remove_by_hand", {"person": pick[4], "group": "team-radish"}),
        Dated(61, "leaver_forgotten", {"person": pick[5]}),
        Dated(45, "spoil", {"person": pick[6], "title": "Chief of vegetables"}),
        Dated(30, "move", {"person": pick[7], "team": "radish"}),
        Dated(18, "open_app", {"group": "team-radish", "app": "Sentry", "role": "Member"}),
        Dated(12, "reparent_unit", {"team": "chard", "area": "platform"}),
        Dated(8, "move", {"person": NADIA, "team": "cucumber"}),
        Dated(4, "joiner", {"name": "Mara Quist", "team": "leek", "days": "25"}),
        Dated(2, "title_change", {"person": pick[8], "title": "Principal engineer"}),
    )


def moment_of(days_ago: int, until: datetime) -> datetime:
    """Twelve past nine in the morning, so many days before `until`."""
    return (until - timedelta(days=days_ago)).replace(hour=9, minute=12, second=0, microsecond=0)
