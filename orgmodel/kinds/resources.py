"""What access can be about: each kind of resource, declared here or beside the source that gives it."""

from dataclasses import dataclass

from .declaration import IDLE, LAST_VALUES, RECORDS, Limit


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """What access can be about. `segment` is used in addresses: /groups/…"""

    name: str
    one: str
    many: str
    segment: str
    holdings: Limit
    """What accounts hold of it directly, and how much of that may vanish in one run."""
    may_be_inactive: bool = False

    @property
    def limits(self) -> tuple[Limit, ...]:
        """How many of the kind may vanish in one run, or no longer be active."""
        idle = Limit(f"active {self.many}", RECORDS, LAST_VALUES, because=(self.many,), would=IDLE)
        return (Limit(self.many, RECORDS), *([idle] if self.may_be_inactive else []))


_RESOURCES: dict[str, ResourceKind] = {}


def declare(kind: ResourceKind) -> ResourceKind:
    """Make a kind of resource known. Raises ValueError where another of that name, or address, is known."""
    for known in _RESOURCES.values():
        if known != kind and (known.name == kind.name or known.segment == kind.segment):
            raise ValueError(f"The kind of resource {kind.name} is declared twice, in different ways.")
    return _RESOURCES.setdefault(kind.name, kind)


GROUP = declare(
    ResourceKind(
        "group",
        "group",
        "groups",
        "groups",
        Limit("memberships", net=True, because=("accounts", "groups")),
    )
)
APP = declare(
    ResourceKind(
        "app",
        "app",
        "apps",
        "apps",
        Limit(
            "direct app assignments",
            last=LAST_VALUES,
            net=True,
            because=("accounts", "apps", "app assignments"),
        ),
        may_be_inactive=True,
    )
)


def resource_kinds() -> tuple[ResourceKind, ...]:
    """Every kind of resource that is declared."""
    return tuple(_RESOURCES.values())
