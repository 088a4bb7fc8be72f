"""A slice of the soak in the suite: a few hundred changes, reads in this process, and nobody killed."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.okta.server import OktaServer

from .readers import Here
from .reading import CONVENTIONS, settings_of
from .soaking import Soak, company, figures

CHANGES, FEW = 80, (0, 1, 1, 2, 3, 5, 8, 13)
"""Acts in all, and between two reads."""


@pytest.mark.django_db(transaction=True)
def test_what_is_known_is_what_is_so_and_each_change_is_told_once(settings: Any) -> None:
    made = company(1)
    with OktaServer(made.tenant) as okta:
        settings.SIGHTLINE = replace(
            settings.SIGHTLINE, sources=settings_of(okta.url, okta.token), conventions=CONVENTIONS
        )
        soak = Soak(made, okta, Here(), at_once=FEW)
        soak.run(CHANGES)
    assert [*soak.found, *soak.failed] == [], "\n".join([*soak.found, *figures(soak, 0)])
    assert soak.hints > 0
    assert sum(run.full for run in soak.runs) > 1
