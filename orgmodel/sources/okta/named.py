"""What lines of the log name: the records that are to be looked at again, and what of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orgmodel.facts import EventFact

SEATS = ("application.user_membership.", "app.user_management", "application.provision.user")
"""How the types of lines begin that tell of somebody's assignment to an app."""
OPENINGS = ("group.application_assignment.",)
MEMBERS = ("group.user_membership.", "app.user_management", "system.import.group.")
GROUPS = ("group.lifecycle.", "group.profile.", "system.import.group.", "app.user_management")
APPS = ("application.lifecycle.",)
OWNERS = ("resource.owner.",)
PUSHES = ("application.provision.group_push.",)
PUSHED = ("application.provision.group_push.pushed", "application.provision.group_push.push_memberships")
"""Members go over by a mapping that stays as it is."""
USERS = ("user.lifecycle.", "user.account.", "system.import.user.")


@dataclass
class Named:
    """Native ids. `seats`: pairs of account and app; `openings`: apps whose groups changed."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    """Their records, or their members."""
    members: set[str] = field(default_factory=set)
    apps: set[str] = field(default_factory=set)
    openings: set[str] = field(default_factory=set)
    seats: set[tuple[str, str]] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)
    """Groups whose owners changed; empty text: of one that is not named."""
    pushes: set[str] = field(default_factory=set)
    """Apps whose push mappings changed."""
    moved: set[str] = field(default_factory=set)
    """Accounts that came into a group, or left one."""

    @property
    def is_empty(self) -> bool:
        """Nothing was named."""
        return not any(vars(self).values())

    def hint(self, named: Iterable[tuple[str, str]]) -> None:
        """Note what a hook has named. Apps are left to the log, which tells whose assignment it was."""
        for kind, native in named:
            if kind == "account":
                self.users.add(native)
                self.moved.add(native)
            elif kind == "group":
                self.groups.add(native)
                self.members.add(native)

    def take(self, lines: Iterable[EventFact]) -> None:
        """Note what these lines name."""
        for line in lines:
            self._take(line)

    def _take(self, line: EventFact) -> None:
        if line.account and line.type.startswith(USERS):
            self.users.add(line.account)
        if line.group and line.type.startswith(GROUPS):
            self.groups.add(line.group)
        if line.group and line.type.startswith(MEMBERS):
            self.members.add(line.group)
            self.moved.update([line.account] if line.account else ())
        if line.app and line.type.startswith(APPS):
            self.apps.add(line.app)
        if line.app and line.type.startswith(OPENINGS):
            self.openings.add(line.app)
        if line.type.startswith(OWNERS) and not line.app:
            self.owners.add(line.group)
        if line.app and line.type.startswith(PUSHES) and not line.type.startswith(PUSHED):
            self.pushes.add(line.app)
        if line.app and line.account and line.type.startswith(SEATS):
            self.seats.add((line.account, line.app))

    def seats_to_read(self) -> tuple[list[str], list[str]]:
        """Whose apps to read, and of which apps the people: whichever is fewer questions."""
        people, apps = ({pair[place] for pair in self.seats} for place in (0, 1))
        return (sorted(people), []) if len(people) <= len(apps) else ([], sorted(apps))
