"""The key of a group or app: of its first name and of itself, whatever becomes of the name."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Resource
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, app, group, moment

pytestmark = pytest.mark.django_db


def read(at: int, *facts: Fact) -> None:
    reader = FactsReader([account("ada"), group("00gall"), *facts])
    read_and_apply(reader, Conventions(), "okta", now=moment(at))


def keys() -> dict[str, str]:
    return dict(Resource.objects.filter(kind="app").values_list("native_id", "key"))


def test_a_key_is_safe_of_its_own_and_stays() -> None:
    # The digits are the first ten of `printf 'okta 0oa1' | sha256sum`, and so on.
    read(
        0, app("0oa1", "Figma"), app("0oa2", "  Figma / (Editor) "), app("0oa3", "Ünï ✨"), app("0oa4", "図")
    )
    first = keys()
    assert first == {
        "0oa1": "figma-04f7d97c0a",
        "0oa2": "figma-editor-e9e2ebcc04",
        "0oa3": "n-3a8c474786",
        "0oa4": "9b6882e7e2",
    }
    read(1, app("0oa1", "Miro"), app("0oa2", "Figma"), app("0oa3", "Ünï ✨"), app("0oa4", "図"))
    assert keys() == first
