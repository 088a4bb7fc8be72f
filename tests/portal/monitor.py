"""What a monitor reads from /metrics, by the library that monitors are built on."""

from collections.abc import Iterable

from django.test import Client
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, tuple[tuple[str, str], ...]]
"""Its name without sightline_, and its labels in the order of their names."""


def families(client: Client) -> dict[str, Metric]:
    """By name, without sightline_."""
    found = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {each.name.removeprefix("sightline_"): each for each in found}


def samples(found: Iterable[Metric]) -> dict[Sample, float]:
    """Their values."""
    return {
        (each.name.removeprefix("sightline_"), tuple(sorted(each.labels.items()))): each.value
        for family in found
        for each in family.samples
    }


def of(name: str, **labels: str) -> Sample:
    return name, tuple(sorted(labels.items()))
