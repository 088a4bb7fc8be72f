"""The records of a tenant and how to find one by the name that people use."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sandbox.refusals import Refused

from .log import Log
from .state import App, Group, Rule, User, make_id

Row = TypeVar("Row", User, Group, Rule, App)


@dataclass
class Directory:
    """Everything an organisation holds. While a server serves it, hold `lock`."""

    now: Callable[[], datetime]
    attribution: bool = True
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=dict)
    """User types beside the default one: id of the schema → names of its custom attributes."""
    quiet: bool = False
    """While the company is founded nothing is logged, no rule runs and no app opens by itself."""

    def __post_init__(self) -> None:
        self.log = Log(self.now)
        self.lock = threading.RLock()
        self.opens: dict[str, set[str]] = {}
        """Group → apps it has been assigned to, to find a user's apps without looking at all of them."""
        self._numbers: dict[str, int] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in {"lock", "now"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, lock=threading.RLock())

    def user(self, login: str) -> User:
        """The user with this login. Raises LookupError."""
        return _first((row for row in self.users.values() if row.profile["login"] == login), "user", login)

    def group(self, name: str) -> Group:
        """The group with this name. Raises LookupError."""
        return _first((row for row in self.groups.values() if row.name == name), "group", name)

    def app(self, label: str) -> App:
        """The app with this label. Raises LookupError."""
        return _first((row for row in self.apps.values() if row.label == label), "app", label)

    def rule(self, name: str) -> Rule:
        """The rule with this name. Raises LookupError."""
        return _first((row for row in self.rules.values() if row.name == name), "rule", name)

    def _id(self, prefix: str) -> str:
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return make_id(prefix, self._numbers[prefix])


def _first(rows: Iterable[Row], what: str, name: str) -> Row:
    for row in rows:
        return row
    raise Refused(f"no {what} is called {name}")
