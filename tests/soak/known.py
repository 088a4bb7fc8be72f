"""The read model in the words of `facts`, and its feed in those of the journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from orgmodel.facts import MEMBER
from orgmodel.models import (
    Account,
    Attribute,
    Change,
    Edge,
    Grant,
    Owner,
    PushMapping,
    Resource,
    RuleVersion,
    Seat,
)

from .facts import ATTRIBUTES, Fact, Facts


def of_read_model() -> Facts:
    """Everything that is known to be so now."""
    found: Facts = {}
    for native, status in Account.objects.filter(ended=None).values_list("native_id", "status"):
        found["account", native] = status
    attributes = Attribute.objects.filter(ended=None, name__in=ATTRIBUTES)
    for native, name, value in attributes.values_list("account__native_id", "name", "value"):
        found["attribute", native, name] = value
    for kind, native, name, status in Resource.objects.filter(ended=None).values_list(
        "kind", "native_id", "name", "status"
    ):
        found[kind, native] = name if kind == "group" else (name, status)
    held = Grant.objects.filter(ended=None).values_list(
        "account__native_id", "entitlement__resource__native_id", "entitlement__level", "rules"
    )
    for account, resource, level, rules in held:
        if level == MEMBER:
            found["member", account, resource] = tuple(sorted(rules))
        else:
            found["direct", account, resource, level] = ""
    for group, app, level, priority in Edge.objects.filter(ended=None).values_list(
        "source__resource__native_id", "target__resource__native_id", "target__level", "priority"
    ):
        found["edge", group, app, level] = priority
    found |= _of_parts()
    return found


def _of_parts() -> Facts:
    found: Facts = {}
    for account, app, *values in Seat.objects.filter(ended=None).values_list(
        "account__native_id", "app__native_id", "scope", "level", "sync_state"
    ):
        found["seat", account, app] = tuple(values)
    for rule in RuleVersion.objects.filter(ended=None).select_related("rule"):
        targets = tuple(sorted(rule.targets))
        found["rule", rule.rule.native_id] = (rule.name, rule.status, rule.expression, targets)
    for group, native in Owner.objects.filter(ended=None).values_list("group__native_id", "native_id"):
        found["owner", group, native] = ""
    for app, push, group in PushMapping.objects.filter(ended=None).values_list(
        "app__native_id", "native_id", "group__native_id"
    ):
        found["push", app, push] = group
    return found


@dataclass(frozen=True)
class FeedRow:
    """What the feed tells: in this run the fact began, or ended, and why."""

    run: int
    fact: Fact
    held: bool
    cause: dict[str, Any]
    number: int
    """Of the row."""


FED = frozenset({"account", "attribute", "group", "app", "member", "direct", "edge", "rule", "owner", "push"})
"""Kinds of facts of which the feed tells each beginning and each end."""


def feed() -> Iterator[FeedRow]:
    """All of it, oldest first; of what changed, the end of what was and the beginning of what is."""
    natives = Natives()
    rows = Change.objects.order_by("run_id", "pk").values_list(
        "run_id", "pk", "kind", "verb", "fact", "attribute", "level", "before", "after", "cause"
    )
    for run, number, kind, verb, fact, attribute, level, before, after, cause in rows:
        key = natives.of(kind, fact, level)
        if kind == "attribute" and attribute in ATTRIBUTES:
            values = [(before, False)] if verb != "began" else []
            values += [(after, True)] if verb != "ended" else []
            for value, held in values:
                yield FeedRow(run, (kind, natives.accounts[fact], attribute, str(value)), held, cause, number)
        elif key and verb != "changed":
            yield FeedRow(run, key, verb == "began", cause, number)


class Natives:
    """The facts that rows of the read model stand for, ended ones too."""

    def __init__(self) -> None:
        self.accounts = dict(
            Attribute.objects.filter(account__isnull=False).values_list("pk", "account__native_id")
        )
        self._keys: dict[str, dict[int, Fact]] = {
            "account": _keys("account", Account.objects.values_list("pk", "native_id")),
            "resource": {
                row: (kind, native)
                for row, kind, native in Resource.objects.values_list("pk", "kind", "native_id")
            },
            "edge": _keys(
                "edge",
                Edge.objects.values_list(
                    "pk", "source__resource__native_id", "target__resource__native_id", "target__level"
                ),
            ),
            "owner": _keys("owner", Owner.objects.values_list("pk", "group__native_id", "native_id")),
            "push": _keys("push", PushMapping.objects.values_list("pk", "app__native_id", "native_id")),
            "grant": {
                row: ("member", account, resource)
                if level == MEMBER
                else ("direct", account, resource, level)
                for row, account, resource, level in Grant.objects.values_list(
                    "pk", "account__native_id", "entitlement__resource__native_id", "entitlement__level"
                )
            },
        }

    def of(self, kind: str, row: int, level: str) -> Fact | None:
        """None: the feed tells of such a row in another way."""
        return self._keys.get(kind, {}).get(row)


def _keys(kind: str, rows: Iterable[tuple[Any, ...]]) -> dict[int, Fact]:
    return {row: (kind, *names) for row, *names in rows}
