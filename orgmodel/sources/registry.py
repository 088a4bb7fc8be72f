"""The sources that Sightline can read, and what is known of each; looked up by name or by role."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from orgmodel.configuration import Configuration
from orgmodel.why.level_rules import Combine
from orgmodel.why.levels import Direction
from orgmodel.why.levels import direction as direction_of
from orgmodel.why.levels import rank as rank_of

from . import airtable, bamboohr, csv, hibob, humaans, okta, personio, scim, successfactors, workday
from .by_hand import ByHand
from .fix import FixPlans
from .hooks import Hook, Secrets
from .source import STALE, TOO_OLD, Environment, Issuer, Role, Source
from .streams import RateUse, Stream

_SOURCES: list[Source[Any]] = []
"""All kinds of all sources. Where several kinds go by one name (the HR systems), one of them is set up."""
_CHOSEN: dict[str, str] = {}
"""Name → the kind that is set up in this process."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")


def sources() -> tuple[Source[Any], ...]:
    """Every source there is, set up or not, in the order in which pages show them; one for each name."""
    return tuple(filter(None, map(named, dict.fromkeys(each.name for each in _SOURCES))))


def every_kind() -> tuple[Source[Any], ...]:
    """Every kind of every source, also those that go by one name."""
    return tuple(_SOURCES)


@contextmanager
def add(*more: Source[Any]) -> Iterator[None]:
    """Further sources for the length of a block. Raises ValueError for a name that cannot be."""
    known = [*_SOURCES]
    try:
        for source in more:
            _register(source)
        yield
    finally:
        _SOURCES[:] = known


def _register(source: Source[Any]) -> None:
    """Raises ValueError when the name is taken, or is none."""
    if not NAME.fullmatch(source.name):
        raise ValueError(f"{source.name!r} cannot be the name of a source: use a-z, digits and hyphens.")
    for other in _of(source.name):
        if other.kind == source.kind or not (source.one_of_several and other.one_of_several):
            raise ValueError(f"Two sources are called {source.name}: {other.kind} and {source.kind}.")
    _SOURCES.append(source)


def _of(name: str) -> list[Source[Any]]:
    return [each for each in _SOURCES if each.name == name]


def named(name: str) -> Source[Any] | None:
    """The source that has this name; of several kinds the one that is set up, or the first."""
    found = _of(name)
    chosen = (each for each in found if each.kind == _CHOSEN.get(name))
    return next(chosen, found[0] if found else None)


def names(*roles: Role) -> tuple[str, ...]:
    """The names of the sources that have any of these roles; of all without one."""
    return tuple(each.name for each in sources() if not roles or each.roles.intersection(roles))


def label(name: str) -> str:
    """What people call the source."""
    found = named(name)
    return found.label if found else name


def account_word(name: str) -> str:
    """What people call an account of the source: Okta account, HiBob record."""
    found = named(name)
    record = found is not None and "people" in found.roles and "access" not in found.roles
    return f"{label(name)} {'record' if record else 'account'}"


def hints(name: str) -> Mapping[str, str]:
    """Kind of fact that the source did not let us see → what makes it visible."""
    found = named(name)
    return found.hints if found else {}


def streams(name: str) -> tuple[Stream, ...]:
    """What is read by itself of the source of this name; empty where it does not say."""
    found = named(name)
    return found.streams if found else ()


def rates(name: str, cursors: Mapping[str, str]) -> tuple[RateUse, ...]:
    """How much of its rates its last reads used, by its cursors."""
    found = named(name)
    return found.rates(cursors) if found else ()


def rank(name: str, level: str) -> int | None:
    """Where a level stands by the words of the source, else by those that systems share; None: nowhere."""
    found = named(name)
    known = found.levels.get(level) if found else None
    return rank_of(level) if known is None else known


def direction(name: str, before: str, after: str) -> Direction:
    """Which way a level of a thing of the source went."""
    return direction_of(before, after, lambda level: rank(name, level))


def combine(name: str) -> Combine:
    """Which level counts of a thing of the source that somebody is given in several ways."""
    found = named(name)
    return found.combine if found else "max"


def stale(name: str) -> timedelta:
    """How long ago a good sync may be before pages say that what they show is old."""
    found = named(name)
    return found.stale if found else STALE


def too_old(name: str) -> timedelta:
    """How long ago a good sync may be before it is a finding and the portal is not ready."""
    found = named(name)
    return found.too_old if found else TOO_OLD


def a_sync(name: str) -> str:
    """One sync of the source as the subject of a sentence: `An Okta sync`."""
    found = named(name)
    return found.a_sync if found and found.a_sync else f"A {label(name)} sync"


def plans(name: str = "") -> FixPlans:
    """What people may do in the source; without a name, in the directory, which has plans of its own."""
    if not name:
        return next(each.plans for each in _SOURCES if each.plans is not None)
    found = named(name)
    return found.plans if found and found.plans else ByHand(label(name))


def kinds(role: Role) -> tuple[str, ...]:
    """The kinds of sources that have this role."""
    return tuple(dict.fromkeys(each.kind for each in _SOURCES if role in each.roles))


def truth(configuration: Configuration) -> str:
    """The source that speaks for people: the one that HRIS chooses, else the first that can."""
    chosen = configuration.hris or kinds("people")[0]
    return next(each.name for each in _SOURCES if "people" in each.roles and each.kind == chosen)


def settings_of_sources(environment: Environment) -> dict[str, Any]:
    """The settings of each source that is set up, by its name. Raises ValueError in one sentence."""
    found: dict[str, Any] = {}
    for source in _SOURCES:
        if (settings := source.settings(environment)) is not None:
            found[source.name] = settings
    return found


def settle(configuration: Configuration) -> None:
    """From now on a name that several kinds share is that of the kind which is set up in this process."""
    _CHOSEN.clear()
    _CHOSEN.update((each.name, each.kind) for each in configured(configuration))


def hook_secrets(environment: Environment) -> dict[str, Secrets]:
    """The secrets of the hooks of the sources that are set up, by name. Raises ValueError in one sentence."""
    found = {}
    for source in _SOURCES:
        if source.hook is None or source.settings(environment) is None:
            continue
        if secrets := source.hook.secrets(environment.text(source.hook.variable)):
            found[source.name] = secrets
    return found


def hooked(configuration: Configuration, path: str) -> tuple[Source[Any], Hook] | None:
    """The source that delivers there, if it is set up and its hook has a secret."""
    for source in configured(configuration):
        if source.hook is not None and source.hook.path == path and source.name in configuration.hook_secrets:
            return source, source.hook
    return None


def configured(configuration: Configuration) -> tuple[Source[Any], ...]:
    """The sources that are set up, in the order in which they are read."""
    ready = [each for each in _SOURCES if each.name in configuration.sources]
    chosen = [each for each in ready if each is _set_up(each.name, configuration)]
    return tuple(sorted(chosen, key=lambda each: each.place))


def _set_up(name: str, configuration: Configuration) -> Source[Any] | None:
    def meant(source: Source[Any]) -> bool:
        chosen = configuration.hris if "people" in source.roles else configuration.control_plane
        return source.kind == chosen

    return next(filter(meant, _of(name)), named(name))


def addresses(configuration: Configuration) -> tuple[str, ...]:
    """Where the sources are that are set up and are elsewhere than in files."""
    found = (each.address(configuration.sources[each.name]) for each in configured(configuration))
    return tuple(filter(None, found))


def addresses_in(environment: Environment) -> dict[str, str]:
    """Setting → the address to which secrets in the environment would be sent, by all kinds of sources."""
    found = {}
    for source in _SOURCES:
        if source.address_in is not None:
            found[source.address_variable] = source.address_in(environment)
        elif source.address_variable:
            found[source.address_variable] = environment.text(source.address_variable)
    return found


def issuer(configuration: Configuration) -> tuple[str, Issuer]:
    """Whose accounts the subjects of the login are: the source by name, and whether all of them must be."""
    if configuration.oidc_issuer:
        for source in configured(configuration):
            settings = configuration.sources[source.name]
            if found := source.issuer(settings, configuration.oidc_issuer):
                return source.name, found
    return "", ""


for _source in (
    okta.SOURCE,
    csv.PEOPLE,
    csv.UNITS,
    airtable.UNITS,
    hibob.SOURCE,
    bamboohr.SOURCE,
    humaans.SOURCE,
    personio.SOURCE,
    scim.SOURCE,
    successfactors.SOURCE,
    workday.SOURCE,
):
    _register(_source)
