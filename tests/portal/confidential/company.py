"""The company of the net: all that is confidential carries a word that occurs nowhere else in it.

Umbra is confidential and always there. Zephyr and Wyvern are there in one of the two companies only. Whatever
must name something confidential in both (a rule that asks who is in a group) names Zephyr in the one and
Umbra in the other: the hedges in their place must be the same.
"""

from django.db.models import F

from orgmodel.conventions import Conventions, UnitKind, Visibility
from orgmodel.facts import Fact, OwnerFact, ProfileFact, PushFact
from orgmodel.models import Move, Run
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    added,
    app,
    group,
    member,
    moment,
    opens,
    removed,
    rule,
    seat,
    unit,
)

WORDS = ("umbra", "zephyr", "wyvern")
KINDS = (
    UnitKind("team", "team", "team-<slug>", "AUTO team"),
    UnitKind("department", "department", "dept-<slug>"),
)
CONVENTIONS = Conventions(
    unit_kinds=KINDS,
    visibility=Visibility(
        # By name and by id; the circle of Zephyr was called otherwise before.
        confidential_groups=(
            "Umbra circle",
            "Zephyr circle",
            "00gzephyrsumac",
            "00gzephyrgone",
            "00gwyvern",
        ),
        confidential_apps=("Umbra vault", "Zephyr vault", "0oazephyrdesk", "0oawyvern"),
        admins_group="sightline-admins",
        auditors_group="sightline-auditors",
    ),
)
PEOPLE = ("nadia", "ida", "nils", "mara", "otto", "vera", "theo", "tomas", "agnes")
"""Nadia: a colleague. Ida: in Zephyr. Nils: was in Zephyr. Mara: leads and manages. Otto: owns Zephyr.
Vera: comes into Wyvern as she moves. Theo: was in Zephyr. Tomas: admin. Agnes: auditor."""
TEAMS = {"vera": "sumac", "otto": "sumac", "theo": "sumac", "tomas": "sumac", "agnes": "sumac"}
LATEST = 3


def found(*, secrets: bool) -> None:
    """Days 0 to 3: on day 1 Nadia and Vera move; on day 2 Zephyr is renamed, and Nils leaves it."""
    for day in range(LATEST + 1):
        facts = [*_everyday(day, secrets), *(_secrets(day) if secrets else ())]
        for reader in (FactsReader(_units(), "control", size=500), FactsReader(facts, size=500)):
            outcome = read_and_apply(reader, CONVENTIONS, "okta", now=moment(day))
            assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
    # How long a read takes here is chance.
    Run.objects.update(seconds=0, finished=F("started"), applied_at=F("started"))


def moves() -> dict[str, int]:
    """Whose move → its number; 0 for one that there is not."""
    known = dict(Move.objects.values_list("person__key", "pk"))
    return {name: known.get(name, 0) for name in ("nadia", "theo", "nils")}


def _units() -> list[Fact]:
    return [
        unit("department", "depeng", "Engineering", "engineering"),
        unit("team", "recpep", "Pepper", "pepper", parent="depeng", lead="mara"),
        unit("team", "recrad", "Radish", "radish", parent="depeng"),
        unit("team", "recsum", "Sumac", "sumac", parent="depeng", lead="mara"),
    ]


def _everyday(day: int, secrets: bool) -> list[Fact]:
    """What everybody may know. What names something confidential does so in both companies."""
    native, name = ("00gzephyr", _circle(day)) if secrets else ("00gumbra", "Umbra circle")
    before = {"nadia": "radish", "vera": "radish"} if day == 0 else {}
    teams = {**dict.fromkeys(PEOPLE, "pepper"), **TEAMS, **before}
    shared = ("00gwyvern",) if secrets else ()
    begins = "Zephyr" if secrets else "Umbra"
    vault = "0oazephyr" if secrets else "0oaumbra"
    return [
        *(
            account(
                one,
                f"{one.title()} Lund",
                team=team,
                department="engineering",
                manager_ref="otto" if one in before else "mara",
            )
            for one, team in teams.items()
        ),
        *(ProfileFact(each, each.title(), "string", True) for each in ("team", "department", "title")),
        group("00gpep", "team-pepper", "AUTO team Pepper"),
        group("00grad", "team-radish", "AUTO team Radish"),
        group("00geng", "dept-engineering"),
        group("00gall", "Everyone", kind="built-in"),
        group("00gask", "askers"),
        group("00gops", "operators"),
        group("00gadm", "sightline-admins"),
        group("00gaud", "sightline-auditors"),
        group("00gumbra", "Umbra circle", "Umbra purpose", umbra="Umbra value"),
        app("0oafigma", "Figma"),
        app("0oaslack", "Slack"),
        app("0oamiro", "Miro"),
        app("0oaumbra", "Umbra vault"),
        opens("00gpep", "0oafigma", "Viewer", 5),
        opens("00gall", "0oaslack"),
        opens("00gask", "0oamiro"),
        opens("00gops", "0oamiro", "Editor", 3),
        opens("00gumbra", "0oaumbra", "Umbra keeper"),
        rule("0prpep", "Pepper team", 'user.team == "pepper"', "00gpep", *shared),
        rule("0prrad", "Radish team", 'user.team == "radish"', "00grad"),
        rule("0preng", "Engineering", 'user.department == "engineering"', "00geng"),
        rule("0prumbra", "Umbra feed", 'user.department == "umbra"', "00gumbra"),
        rule("0prask", "Askers", f'isMemberOfGroup("{native}") OR user.team == "pepper"', "00gask"),
        rule("0prname", f"From {name}", f'isMemberOfGroupName("{name}") AND user.team == "radish"', "00gask"),
        rule("0prpart", "Part", f'!isMemberOfGroupNameStartsWith("{begins}")', "00gask", status="inactive"),
        rule("0prbad", "Broken", f'isMemberOfAnyGroup("{native}", "00gpep" AND', "00gask", status="invalid"),
        *(member(one, "00gall") for one in PEOPLE),
        *(member(one, "00geng", "0preng") for one in PEOPLE),
        *(member(one, "00gpep", "0prpep") for one, team in teams.items() if team == "pepper"),
        *(member(one, "00grad", "0prrad") for one, team in teams.items() if team == "radish"),
        *(member(one, "00gask", "0prask") for one in ("nadia", "ida")),
        *([member("nils", "00gask", "0prname")] if day < LATEST else []),
        member("theo", "00gask", attributed=False),
        member("vera", "00gops"),
        member("tomas", "00gadm"),
        member("agnes", "00gaud"),
        OwnerFact("00gpep", "USER", "mara", "Mara Lund"),
        PushFact("pushpep", "0oaslack", "00gpep", "", "error", "No such channel.", None),
        PushFact(f"push{vault}", vault, "00gpep", "", "error", f"No {begins} here.", None),
    ]


def _circle(day: int) -> str:
    return "Zephyr circle" if day > 1 else "Zephyr before"


def _secrets(day: int) -> list[Fact]:
    """What only those may know who hold it, admins and auditors."""
    gone: list[Fact] = (
        [group("00gzephyrgone", "Zephyr gone"), member("theo", "00gzephyrgone")] if day == 0 else []
    )
    lost = [removed("zephyr2", "nils", "00gzephyr", moment(1.9), actor_name="Zephyr actor")]
    return [
        *gone,
        group("00gzephyr", _circle(day), "Zephyr purpose", zephyr="Zephyr value"),
        group("00gzephyrsumac", "team-sumac", "AUTO team Sumac", zephyr="yes"),
        group("00gwyvern", "Wyvern circle", "Wyvern purpose"),
        app("0oazephyr", "Zephyr vault"),
        app("0oazephyrdesk", "Zephyr desk"),
        app("0oawyvern", "Wyvern vault"),
        opens("00gzephyr", "0oazephyr", "Zephyr keeper"),
        opens("00gzephyr", "0oafigma", "Zephyr editor", 0),
        opens("00gzephyr", "0oamiro", "Zephyr editor", 0),
        opens("00gzephyrsumac", "0oamiro", "Zephyr viewer", 1),
        opens("00gops", "0oazephyrdesk", "Zephyr operator"),
        opens("00gwyvern", "0oawyvern", "Wyvern lead"),
        *([opens("00gwyvern", "0oafigma", "Wyvern artist", 1)] if day > 1 else []),
        rule("0przephyr", "Zephyr feed", 'user.department == "zephyr"', "00gzephyr"),
        rule("0przephyr2", "Zephyr teams", 'user.team == "radish"', "00gzephyrsumac", "00gzephyr"),
        rule("0prwyvern", f"Wyvern feed {day > 1}", 'user.wyvern == "yes"', "00gwyvern"),
        member("ida", "00gzephyr", "0przephyr"),
        *([member("nils", "00gzephyr"), member("mara", "00gzephyr")] if day < LATEST - 1 else []),
        *(member(one, "00gzephyrsumac", "0przephyr2") for one in ("vera", "theo")),
        *([member("vera", "00gwyvern", "0prwyvern")] if day else []),
        *([seat("vera", "0oawyvern", level="Wyvern lead")] if day else []),
        OwnerFact("00gzephyr", "USER", "otto", "Zephyr owner"),
        PushFact("pushzephyr", "0oafigma", "00gzephyr", "", "error", "Zephyr error", None),
        added("zephyr1", "ida", "00gzephyr", moment(-20), actor_name="Zephyr actor"),
        *(lost if day > 1 else []),
    ]
