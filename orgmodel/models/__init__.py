"""The read model: one graph in which every fact has a time. Only `orgmodel.sync` writes it."""

from .access import Edge, Grant, Reach, Seat
from .changes import Change, LogEvent, Move
from .findings import Finding, FindingEvent, Look
from .groups import Owner, PushMapping, Rule, RuleVersion
from .hooks import HookDelivery, HookHint, HookState
from .identity import AccountDecision, Handover
from .people import Account, Attribute, ManagerLine, Person, PlannedChange, ProfileAttribute
from .rehearsals import Forecast, Foreseen, Rehearsal
from .resources import Entitlement, Resource
from .runs import PartLeft, Run, RunDecision, Settled, SourceCursor
from .units import Assignment, OrgUnit, UnitLink

__all__ = [
    "Account",
    "AccountDecision",
    "Assignment",
    "Attribute",
    "Change",
    "Edge",
    "Entitlement",
    "Finding",
    "FindingEvent",
    "Forecast",
    "Foreseen",
    "Grant",
    "Handover",
    "HookDelivery",
    "HookHint",
    "HookState",
    "LogEvent",
    "Look",
    "ManagerLine",
    "Move",
    "OrgUnit",
    "Owner",
    "PartLeft",
    "Person",
    "PlannedChange",
    "ProfileAttribute",
    "PushMapping",
    "Reach",
    "Rehearsal",
    "Resource",
    "Rule",
    "RuleVersion",
    "Run",
    "RunDecision",
    "Seat",
    "Settled",
    "SourceCursor",
    "UnitLink",
]
