"""The faults that the controller can switch on, each with its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.okta.faults import Faults


@dataclass(frozen=True)
class Switch:
    """A fault: what it is called, what it does, and what its form says before anybody changes it."""

    title: str
    turn: Callable[..., None]
    sample: Mapping[str, str] = field(default_factory=dict)


def _refuse(faults: Faults, times: str, seconds: str) -> None:
    faults.refuse(int(times), reset=int(seconds))


def _fail(faults: Faults, path: str, times: str, after: str) -> None:
    faults.fail(path, times=int(times), after=int(after))


def _cut(faults: Faults, path: str, bytes_sent: str) -> None:
    faults.cut(path, max(int(bytes_sent), 0))


SWITCHES: Mapping[str, Switch] = {
    "users": Switch("Okta answers no users", lambda faults: faults.empty("users")),
    "groups": Switch("Okta answers no groups", lambda faults: faults.empty("groups")),
    "members": Switch("Okta answers no members", lambda faults: faults.empty("members")),
    "refuse": Switch("Okta refuses the next calls with 429", _refuse, {"times": "10", "seconds": "1"}),
    "fail": Switch(
        "Okta fails with 500 on a path, after some calls",
        _fail,
        {"path": "/groups", "times": "1", "after": "0"},
    ),
    "cut": Switch(
        "The connection breaks in the middle of an answer", _cut, {"path": "/users", "bytes_sent": "40"}
    ),
    "mistype": Switch(
        "Something in between answers a page that is no JSON",
        lambda faults, path: faults.mistype(path),
        {"path": "/users"},
    ),
    "forbid": Switch(
        "The token may not read a path", lambda faults, path: faults.forbid(path), {"path": "/logs"}
    ),
    "revoked": Switch("Okta refuses the token", lambda faults: faults.revoke_token()),
    "slow": Switch(
        "Okta takes its time for every answer",
        lambda faults, seconds: faults.slow(min(max(0.0, float(seconds)), 60.0)),
        {"seconds": "0.2"},
    ),
    "shuffle": Switch("Rows come shuffled, some twice", lambda faults: faults.shuffle()),
    "expand": Switch("Okta ignores expand", lambda faults: faults.lose_expand()),
    "clear": Switch("Everything is well again", lambda faults: faults.clear()),
}
"""Every switch by name."""
