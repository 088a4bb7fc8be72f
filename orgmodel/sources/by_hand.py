"""What people may do in a source that has no plans of its own: where to go there, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from .fix import Fix, console

MOST = 3
"""Accounts that one line names; the finding says how many there are."""


@dataclass(frozen=True)
class ByHand:
    """Ways through the administration of a source, whatever it looks like. `label`: what people call it."""

    label: str

    def take_out(self, group: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
        """Remove direct members of a group."""
        return self._members(group, accounts)

    def keep_only(self, group: str, members: Sequence[str], name: str) -> tuple[Fix, ...]:
        """Nothing: it takes a system that keeps lists."""
        return ()

    def make_group(self, name: str, description: str) -> tuple[Fix, ...]:
        """Nothing: a group has no id before it is made."""
        return ()

    def deactivate(self, account: str, name: str) -> tuple[Fix, ...]:
        """Close an account."""
        way = f"{self.label} › account {{}} › "
        return console(f"{way}deactivate", account, back=f"{way}activate")

    def unassign(self, app: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
        """End direct assignments."""
        return self._members(app, accounts)

    def run_rule(self, rule: str, name: str) -> tuple[Fix, ...]:
        """Nothing: only a directory has rules."""
        return ()

    def _members(self, thing: str, accounts: Sequence[str]) -> tuple[Fix, ...]:
        some = accounts[:MOST]
        named = ", ".join("{}" for _ in some)
        more = f" and {len(accounts) - MOST} more" if len(accounts) > MOST else ""
        way = f"{self.label} › {{}} › people › "
        return console(f"{way}remove {named}{more}", thing, *some, back=f"{way}add {named}{more}")
