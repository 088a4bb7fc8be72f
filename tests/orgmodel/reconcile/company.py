"""A Nordwind in which nothing is wrong, to which each test adds one thing that is."""

from collections.abc import Sequence
from datetime import datetime

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Finding
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, unit
from tests.snapshots import once

TEAM = UnitKind("team", "team", "team-<slug>", "AUTO team", "airtableId", "parentId", "active")
AREA = UnitKind("area", "area", "area-<slug>", "AUTO area")
CONVENTIONS = Conventions(unit_kinds=(TEAM, AREA, UnitKind("department", "department")))
ALL_COVERED: frozenset[str] = frozenset()


def hr(native_id: str, name: str, login: str, **values: object) -> AccountFact:
    """An HR record with the address of the Okta user `login`."""
    return account(native_id, name, email=f"{login}@nordwind.example", login="", status="active", **values)


def without(facts: Sequence[Fact], *gone: Fact) -> list[Fact]:
    """The facts but these; each of them must be there."""
    kept = list(facts)
    for fact in gone:
        kept.remove(fact)
    return kept


RADISH_UNIT = unit("team", "recRAD", "Radish", "radish", parent="recPRO")
UNITS: list[Fact] = [
    unit("area", "recPRO", "Product", "product"),
    unit("team", "recCUC", "Cucumber", "cucumber", parent="recPRO"),
    RADISH_UNIT,
]
LENA_HR = hr("h-lena", "Lena Osei", "lena", title="Team lead", team="cucumber")
NADIA_HR = hr("h-nadia", "Nadia Brandt", "nadia", title="Designer", team="radish", manager_ref="h-lena")
QUINN_HR = hr("h-quinn", "Quinn Abe", "quinn", title="Engineer", team="cucumber", manager_ref="h-lena")
PEOPLE: list[Fact] = [LENA_HR, NADIA_HR, QUINN_HR]

NADIA = account("nadia", "Nadia Brandt", title="Designer", team="radish", manager_ref="lena")
QUINN = account("quinn", "Quinn Abe", title="Engineer", team="cucumber", manager_ref="lena")
CUCUMBER = group("00gcuc", "team-cucumber", "AUTO team Cucumber", airtableId="recCUC", active=True)
RADISH = group("00grad", "team-radish", "AUTO team Radish", airtableId="recRAD", active=True)
PRODUCT = group("00gpro", "area-product", "AUTO area Product")
CUCUMBER_RULE = rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc")
RADISH_RULE = rule("0prrad", "Radish team", 'user.team == "radish"', "00grad")
STAFF_RULE = rule("0prall", "Staff", "user.team != null", "00gpro", "00gall")
NADIA_IN_RADISH = member("nadia", "00grad", "0prrad")
NADIA_IN_CUCUMBER = member("nadia", "00gcuc", "0prcuc")
OKTA: list[Fact] = [
    account("lena", "Lena Osei", title="Team lead", team="cucumber"),
    NADIA,
    QUINN,
    CUCUMBER,
    RADISH,
    PRODUCT,
    group("00gall", "staff"),
    app("0oafigma", "Figma"),
    app("0oastag", "Radish staging"),
    opens("00gcuc", "0oafigma", "Editor"),
    opens("00grad", "0oastag"),
    CUCUMBER_RULE,
    RADISH_RULE,
    STAFF_RULE,
    member("lena", "00gcuc", "0prcuc"),
    member("quinn", "00gcuc", "0prcuc"),
    NADIA_IN_RADISH,
    *(member(one, of, "0prall") for one in ("lena", "nadia", "quinn") for of in ("00gpro", "00gall")),
]


def tell(
    okta: Sequence[Fact] = OKTA,
    people: Sequence[Fact] = PEOPLE,
    units: Sequence[Fact] = UNITS,
    *,
    day: float = 0,
    conventions: Conventions = CONVENTIONS,
    truth: str = "hris",
    uncovered: frozenset[str] = ALL_COVERED,
) -> dict[str, list[str]]:
    """Read all sources on a day and reconcile; the sentences that stand then, by detector."""
    # What most tests differ in is Okta: what HR and the units say is synced once for all of them.
    once(_synced, (("control", units), ("hris", people)), conventions, truth, moment(day))
    _synced([("okta", okta)], conventions, truth, moment(day))
    refresh_findings(conventions, truth, moment(day), uncovered)
    return standing()


def _synced(
    stated: Sequence[tuple[str, Sequence[Fact]]], conventions: Conventions, truth: str, now: datetime
) -> None:
    for source, facts in stated:
        if facts:
            outcome = read_and_apply(FactsReader(facts, source, 500), conventions, truth, now=now)
            assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def standing() -> dict[str, list[str]]:
    """The sentences of what is not resolved, by detector."""
    found: dict[str, list[str]] = {}
    for each in Finding.objects.exclude(state="resolved").order_by("detector", "sentence"):
        found.setdefault(each.detector, []).append(each.sentence)
    return found


def only(detector: str = "") -> Finding:
    """The one finding, or the one of a detector, that is not resolved."""
    standing = Finding.objects.exclude(state="resolved")
    return (standing.filter(detector=detector) if detector else standing).get()
