"""A company of twelve in which every kind of fact occurs, for tests of what may not vanish."""

from collections.abc import Sequence
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, Fact, OwnerFact, ProfileFact, PushFact
from orgmodel.models import Assignment, OrgUnit
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, app, group, member, moment, opens, rule, seat, unit

PEOPLE = [
    account(
        f"p{number}",
        team="kale",
        badge="seen",
        title="Gardener",
        manager_ref="p0" if number else "",
        employee_number=f"{number}",
    )
    for number in range(12)
]
GROUPS = [group(f"00g{number}") for number in range(8)]
APPS = [app(f"0oa{number}") for number in range(4)]
RULES = [
    rule(f"0pr{number}", f"Rule {number}", f'user.team == "{number}"', f"00g{number}") for number in range(8)
]
OKTA: list[Fact] = [
    *PEOPLE,
    *GROUPS,
    *APPS,
    *RULES,
    *(member(f"p{number}", f"00g{number % 8}") for number in range(12)),
    *(opens(f"00g{number % 8}", f"0oa{number // 8}", "Editor") for number in range(12)),
    *(seat(f"p{number}", "0oa3", "GROUP", "Viewer") for number in range(12)),
    *(PushFact(f"push{n}", "0oa0", f"00g{n}", "", "active", "", None) for n in range(3)),
    *(OwnerFact(f"00g{n}", "USER", "p0", "P0") for n in range(3)),
    *(ProfileFact(name, name, "string", kept=True) for name in ("team", "title", "badge")),
]


def sync(facts: Sequence[Fact], day: float, source: str = "okta", **options: Any) -> SyncOutcome:
    truth = "hris" if source != "okta" else "okta"
    return read_and_apply(FactsReader(facts, source=source, **options), Conventions(), truth, now=moment(day))


RECORDS: list[Fact] = [
    unit("team", "u0", "Kale", "kale"),
    *(unit("team", f"u{n}", f"Team {n}", f"team-{n}", parent="u0", lead="p0") for n in range(1, 5)),
]
PLACED: list[Fact] = [AssignmentFact(f"p{n}", f"u{n % 5}", "primary", None, None) for n in range(12)]
HR = [fact._replace(status="active") for fact in PEOPLE]


def recorded() -> None:
    """Units and assignments as records of their own, with parents and leads."""
    sync(RECORDS, 0, "control")
    sync([*HR, *PLACED], 0.1, "hris")
    sync(RECORDS, 0.2, "control")
    assert OrgUnit.objects.filter(lead__isnull=False).count() == 4
    assert Assignment.objects.filter(ended=None, source="hris").count() == 12
