"""An HR system on the wire as the one that speaks for people: set up by its variables and read."""

from collections.abc import Mapping
from typing import Any

import pytest

from orgmodel.configuration import Configuration
from orgmodel.models import Assignment, ManagerLine, Person
from orgmodel.sources import registry
from orgmodel.sync.configured import sync
from orgmodel.sync.runs import SyncOutcome
from portal.configure import load_configuration, load_conventions
from portal.environment import Environment
from sandbox.hris.server import HrServer


def configured(
    server: HrServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, **more: str
) -> Configuration:
    """The configuration that the variables and the settings file of a pretend system come to."""
    monkeypatch.setattr(registry, "_CHOSEN", {})
    path = tmp_path / "sightline.toml"
    path.write_text(server.conventions(), encoding="utf-8")
    environment = Environment({**server.settings(), "SIGHTLINE_CONFIG": str(path), **more})
    found = load_configuration(environment, load_conventions(environment, tmp_path))
    registry.settle(found)
    return found


def synced(configuration: Configuration) -> SyncOutcome:
    """One sync of all that is set up, which is the HR system alone."""
    (outcome,) = sync(configuration)
    return outcome


def places() -> Mapping[str, tuple[str, set[str], str]]:
    """Name of each person → status, units by kind and name, and the manager's name."""
    managers = dict(ManagerLine.objects.filter(ended=None).values_list("person_id", "manager__name"))
    found = {}
    for person in Person.objects.filter(ended=None):
        units = Assignment.objects.filter(person=person, ended=None)
        named = {f"{kind} {name}" for kind, name in units.values_list("unit__kind", "unit__name")}
        found[person.name] = (person.status, named, managers.get(person.pk) or "")
    return found
