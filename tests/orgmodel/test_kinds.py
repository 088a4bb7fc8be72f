"""Kinds of resources are declared once, wherever they are declared."""

from dataclasses import replace

import pytest

from orgmodel.kinds.resources import APP, GROUP, declare, resource_kinds


def test_a_kind_may_be_declared_again_only_as_it_is() -> None:
    assert declare(APP) is APP
    assert [kind.name for kind in resource_kinds()].count("app") == 1


@pytest.mark.parametrize("other", [replace(APP, one="program"), replace(GROUP, name="circle")])
def test_a_name_or_address_that_is_taken_is_refused(other: object) -> None:
    with pytest.raises(ValueError, match="is declared twice, in different ways"):
        declare(other)  # type: ignore[arg-type]
