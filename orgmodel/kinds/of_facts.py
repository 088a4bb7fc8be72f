"""What sources give and what follows from it: each kind of fact, declared once."""

from orgmodel import facts

from .declaration import IDLE, LAST_VALUES, RECORDS, Kind, Limit

ACCOUNT = Kind(
    "account",
    "account",
    "accounts",
    "orgmodel_account",
    ("source", "native_id"),
    (
        *("login", "email", "name", "status", "title", "worker_type", "manager_ref", "employee_number"),
        *("start_date", "end_date", "time_zone"),
    ),
    (
        Limit("accounts", RECORDS),
        Limit("active accounts", RECORDS, LAST_VALUES, because=("accounts",), would=IDLE),
    ),
    fact=facts.AccountFact,
    without="who is here is not known",
    identified=("native_id",),
)
GRANT = Kind(
    "grant",
    "membership or direct assignment",
    "memberships and direct assignments",
    "orgmodel_grant",
    ("account_id", "entitlement_id"),
    ("origin", "rules", "evidence"),
    fact=facts.GrantFact,
    without="who is in a group, or has an app directly, is not known",
    owner="target",
    listed="members of {}",
    listed_alone="members",
    feed="Memberships and direct access",
)
EDGE = Kind(
    "edge",
    "link that passes access on",
    "links that pass access on",
    "orgmodel_edge",
    ("source_id", "target_id"),
    ("priority", "sort", "cap", "stated_by"),
    (
        Limit("assignments of groups to apps", net=True, because=("groups", "apps")),
        Limit(
            "levels at which groups open apps",
            last=LAST_VALUES,
            net=True,
            because=("groups", "apps", "assignments of groups to apps"),
        ),
    ),
    fact=facts.EdgeFact,
    without="which groups open which apps is not known",
    owner="target",
    listed="groups that open {}",
    listed_alone="groups that open it",
    feed="What gives access to what",
)
SEAT = Kind(
    "seat",
    "app assignment",
    "app assignments",
    "orgmodel_seat",
    ("account_id", "app_id"),
    ("scope", "status", "sync_state", "level"),
    (
        Limit("app assignments", net=True, because=("accounts", "apps")),
        Limit(
            "levels of app assignments",
            last=LAST_VALUES,
            net=True,
            because=("accounts", "apps", "app assignments"),
        ),
    ),
    fact=facts.SeatFact,
    without="who is assigned to an app, and at which level, is not known",
    owner="app",
    listed="people assigned to {}",
    listed_alone="people assigned to it",
)
ASSIGNMENT = Kind(
    "assignment",
    "unit assignment",
    "unit assignments",
    "orgmodel_assignment",
    ("person_id", "unit_id"),
    ("source", "kind", "valid_from", "valid_to"),
    (
        Limit(
            "recorded unit assignments", last=LAST_VALUES, net=True, because=("accounts", "recorded units")
        ),
        Limit(
            "unit assignments",
            last=LAST_VALUES,
            net=True,
            because=(
                *("accounts", "groups", "recorded units", "recorded unit assignments", "units", "values"),
            ),
        ),
    ),
    fact=facts.AssignmentFact,
    without="to which units HR assigns people is not known",
    feed="Team moves",
)
MANAGER = Kind(
    "manager",
    "manager",
    "people's managers",
    "orgmodel_managerline",
    ("person_id",),
    ("manager_id",),
    (Limit("people's managers", last=LAST_VALUES, because=("accounts", "manager references")),),
    feed="Managers",
)
PLANNED = Kind(
    "planned",
    "planned change",
    "planned changes",
    "orgmodel_plannedchange",
    ("account_id", "attribute", "value", "valid_from"),
    ("unit_id", "manager_id", "placed"),
    fact=facts.PlannedFact,
    without="what changes on a later day is not known",
    passes=True,
)
RULE = Kind(
    "rule",
    "group rule",
    "group rules",
    "orgmodel_ruleversion",
    ("rule_id",),
    ("name", "status", "expression", "targets", "excluded"),
    (
        Limit("group rules", RECORDS),
        Limit("active group rules", RECORDS, LAST_VALUES, because=("group rules",), would=IDLE),
    ),
    fact=facts.RuleFact,
    without="why people are in groups is not known, nor what a move would change",
    feed="Rules",
    identified=("native_id",),
)
PUSH = Kind(
    "push",
    "group push",
    "group pushes",
    "orgmodel_pushmapping",
    ("app_id", "native_id"),
    ("group_id", "target_id", "status", "error"),
    (Limit("group pushes", net=True, because=("groups", "apps")),),
    fact=facts.PushFact,
    without="which groups are pushed to which apps is not known",
    owner="app",
    listed="groups pushed to {}",
    listed_alone="groups pushed to it",
)
OWNER = Kind(
    "owner",
    "group owner",
    "group owners",
    "orgmodel_owner",
    ("group_id", "native_id"),
    ("kind", "account_id", "name"),
    (Limit("group owners", net=True, because=("groups",)),),
    fact=facts.OwnerFact,
    without="who owns a group is not known",
    owner="group",
    listed="owners of {}",
    listed_alone="owners",
)
SCHEMA = Kind(
    "schema",
    "attribute of the user schema",
    "attributes of the user schema",
    "orgmodel_profileattribute",
    ("source", "name"),
    ("title", "type", "kept"),
    (Limit("attributes of the user schema", net=True),),
    fact=facts.ProfileFact,
    without="attributes stand under their technical names",
)
UNIT = Kind(
    "unit",
    "unit",
    "units",
    "orgmodel_attribute",
    ("unit_id", "name"),
    ("value",),
    (
        Limit("recorded units", RECORDS),
        Limit(
            "units",
            RECORDS,
            LAST_VALUES,
            net=True,
            because=("accounts", "groups", "recorded units", "values"),
        ),
        Limit("parents of units", last=LAST_VALUES, because=("recorded units", "units")),
        Limit("leads of units", last=LAST_VALUES, because=("recorded units", "units")),
        Limit("active units", RECORDS, LAST_VALUES, because=("recorded units", "units"), would=IDLE),
    ),
    fact=facts.UnitFact,
    without="which units there are, and who leads them, is not known",
    feed="Units",
    identified=("kind", "native_id"),
)
PERSON = Kind(
    "person",
    "person",
    "people",
    "orgmodel_person",
    ("id",),
    ("status",),
    (Limit("active people", RECORDS, LAST_VALUES, because=("accounts", "active accounts"), would=IDLE),),
    feed="Joiners and leavers",
)
RESOURCE = Kind(
    "resource",
    "group or app",
    "groups and apps",
    "orgmodel_resource",
    ("source", "native_id"),
    ("kind", "name", "description", "type", "status", "profile", "features"),
    fact=facts.ResourceFact,
    without="which groups and apps there are is not known",
    feed="Groups and apps",
    identified=("native_id",),
)
LINK = Kind(
    "link",
    "link between a unit and a group",
    "links between units and groups",
    "orgmodel_unitlink",
    ("unit_id", "group_id"),
    ("evidence",),
    (
        Limit(
            "links between units and groups",
            last=LAST_VALUES,
            net=True,
            because=("groups", "recorded units", "units"),
        ),
    ),
)
HANDOVER = Kind(
    "handover",
    "account that went to another person",
    "accounts that went to other people",
    "orgmodel_handover",
    ("id",),
    (),
    feed="Whose an account is",
    only_adds=True,
)
ATTRIBUTE = Kind(
    "attribute",
    "value of an attribute",
    "values of attributes",
    "orgmodel_attribute",
    ("account_id", "name"),
    ("value",),
    (Limit("values", last=LAST_VALUES, because=("accounts",)),),
)
EVENT = Kind(
    "event",
    "line of the log",
    "lines of the log",
    "orgmodel_logevent",
    ("uuid",),
    (),
    fact=facts.EventFact,
    without="who did what is not known",
    only_adds=True,
)
KINDS: tuple[Kind, ...] = (
    *(ACCOUNT, GRANT, EDGE, SEAT, ASSIGNMENT, MANAGER, PLANNED, RULE, PUSH, OWNER, SCHEMA),
    *(UNIT, PERSON, HANDOVER, RESOURCE, LINK, ATTRIBUTE, EVENT),
)
"""In the order in which the filter of the feed shows them."""
BY_NAME = {kind.name: kind for kind in KINDS}
BY_FACT = {kind.fact: kind for kind in KINDS if kind.fact}
"""The kinds that readers give, by what they give."""


def in_words(name: str) -> str:
    """What people call the kind of this name, in the plural; of a kind that is no more, its name.

    >>> in_words("seat")
    'app assignments'
    """
    return BY_NAME[name].many if name in BY_NAME else name
