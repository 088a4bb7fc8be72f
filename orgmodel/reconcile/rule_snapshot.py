"""All rules seen together with everybody, as the detectors of rules need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from orgmodel.rules.expected import expected
from orgmodel.rules.lint import remarks
from orgmodel.rules.population import Expected, Fit, Population
from orgmodel.rules.remarks import NamedRule, Remark, Tenant


@dataclass(frozen=True)
class RuleSnapshot:
    """The rules that exist and everybody whom they may take; `people` stands in the population's order.

    `tenant` knows everything but the fits, which are made here when they are asked for.
    """

    rules: Sequence[NamedRule]
    population: Population
    people: Sequence[int]
    labels: Sequence[str]
    """Their names."""
    tenant: Tenant
    groups: Mapping[str, int]
    """Native id of a group that exists → its id."""

    @cached_property
    def running(self) -> tuple[NamedRule, ...]:
        return tuple(rule for rule in self.rules if rule.status == "active")

    @cached_property
    def expected(self) -> Expected:
        """What the rules in force come to."""
        return expected(self.running, self.population)

    @cached_property
    def remarks(self) -> Mapping[str, tuple[Remark, ...]]:
        """Rule → what is odd about it; under "" what is about all of them."""
        fits: Mapping[str, Fit] = self.expected.fits
        tenant = self.tenant
        whole = Tenant(tenant.people, fits, tenant.schema, tenant.values, tenant.filled, tenant.groups)
        return remarks(self.rules, whole)
