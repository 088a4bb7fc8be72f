"""The hooks of the sources: which are set up, when the last delivery came, how many were refused."""

from dataclasses import dataclass
from datetime import datetime

from orgmodel.configuration import Configuration
from orgmodel.models import HookState
from orgmodel.sources.registry import configured

from .freshness import ago


@dataclass(frozen=True)
class HookRow:
    """The hook of one source that is set up. `ready`: it has a secret, so that deliveries are taken."""

    source: str
    name: str
    """What people call the source."""
    path: str
    """Where it delivers, behind the address of the portal: /hooks/…/."""
    variable: str
    ready: bool
    accepted: int
    received: datetime | None
    refused: int
    refused_at: datetime | None
    sentence: str


def hook_rows(configuration: Configuration, now: datetime) -> tuple[HookRow, ...]:
    """The sources that are set up and could deliver; one query, or none where no source could."""
    sources = [(each, each.hook) for each in configured(configuration) if each.hook is not None]
    states = HookState.objects.in_bulk([each.name for each, _ in sources]) if sources else {}
    found = []
    for source, hook in sources:
        state = states.get(source.name, HookState(source=source.name))
        ready = source.name in configuration.hook_secrets
        found.append(
            HookRow(
                source.name,
                source.label,
                f"/hooks/{hook.path}/",
                hook.variable,
                ready,
                state.accepted,
                state.received,
                state.refused,
                state.refused_at,
                _sentence(state, now) if ready else f"No hook is set up: {hook.variable} is empty.",
            )
        )
    return tuple(found)


def _sentence(state: HookState, now: datetime) -> str:
    if state.received is None:
        good = "no delivery has come yet"
    else:
        good = f"last delivery {ago(now - state.received)}, {state.accepted} in all"
    if state.refused_at is None:
        return f"Hook: {good}."
    return f"Hook: {good}; {state.refused} refused, the last one {ago(now - state.refused_at)}."
