"""What is hidden from whom: by the settings of today, under every name it ever had."""

import pytest

from orgmodel.conventions import Conventions, Visibility
from orgmodel.facts import Fact
from orgmodel.models import Resource
from orgmodel.queries.people import find_person
from orgmodel.queries.rights import group_of, rights_faults
from orgmodel.queries.visibility import Viewer, viewer_for
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens
from tests.snapshots import once

pytestmark = pytest.mark.django_db
NAMED = Visibility(confidential_groups=("Board",), confidential_apps=("0oavault",), admins_group="admins")
ALWAYS: list[Fact] = [
    account("nadia"),
    account("lena"),
    account("tomas"),
    group("00gadm", "admins"),
    group("00gold", "Old circle"),
    app("0oavault", "Vault"),
    app("0oaboard", "Board"),
    member("tomas", "00gadm"),
    opens("00gboard", "0oavault"),
]


@pytest.fixture
def company() -> None:
    """The board is renamed as Lena leaves it; Nadia was in a circle before that opened the vault."""
    once(_synced)


def _synced() -> None:
    for day, name, more in (
        (0, "Board", [member("lena", "00gboard"), member("nadia", "00gold")]),
        (1, "Directors", [opens("00gold", "0oavault")]),
    ):
        reader = FactsReader([*ALWAYS, group("00gboard", name), *more], size=50)
        assert read_and_apply(reader, Conventions(), "okta", now=moment(day)).outcome == "applied"


def seen_by(name: str) -> Viewer:
    return viewer_for(find_person(name), NAMED)


def known(viewer: Viewer, ids: frozenset[int]) -> set[str]:
    return set(Resource.objects.filter(pk__in=ids).values_list("native_id", flat=True))


def test_a_group_that_was_renamed_stays_confidential_by_both_names(company: None) -> None:
    nadia = seen_by("nadia")
    assert known(nadia, nadia.hidden) == {"00gboard", "0oavault"}
    assert nadia.secrets.names == {"Board", "Directors", "Vault"}
    assert nadia.secrets.ids == {"00gboard", "0oavault"}


def test_nobody_is_kept_from_what_they_held_themselves(company: None) -> None:
    lena = seen_by("lena")
    assert known(lena, lena.hidden_about(lena.person)) == set()
    assert lena.about(lena.person).secrets.names == frozenset()
    assert known(lena, lena.hidden_about(find_person("nadia"))) == {"00gboard", "0oavault"}


def test_a_way_that_was_never_open_at_one_time_is_no_way(company: None) -> None:
    nadia = seen_by("nadia")
    assert known(nadia, nadia.hidden_about(nadia.person)) == {"00gboard", "0oavault"}


def test_from_admins_nothing_is_hidden(company: None) -> None:
    tomas = seen_by("tomas")
    assert (tomas.admin, tomas.hidden, tomas.secrets.names) == (True, frozenset(), frozenset())


def named(*more: Fact, admins: str = "admins") -> tuple[bool, list[str]]:
    """Whether Tomas is an admin by the setting, and what the doctor says of it."""
    reader = FactsReader([*ALWAYS, group("00gboard", "Board"), *more], size=50)
    assert read_and_apply(reader, Conventions(), "okta", now=moment(0)).outcome == "applied"
    settings = Visibility(admins_group=admins, auditors_group="")
    faults = [f"{each.setting}: {each.what}. {each.todo}" for each in rights_faults(settings)]
    return viewer_for(find_person("tomas"), settings).admin, faults


@pytest.mark.parametrize("admins", ["admins", "00gadm"])
def test_a_group_of_the_same_name_from_elsewhere_makes_no_admin_and_unmakes_none(admins: str) -> None:
    imported = group("00gad", "admins", kind="imported")
    assert named(imported, member("nadia", "00gad"), admins=admins) == (True, [])
    assert not viewer_for(find_person("nadia"), NAMED).admin


@pytest.mark.parametrize("admins", ["sudo", "00gad"])
def test_an_imported_group_makes_no_admin_by_name_nor_by_id(admins: str) -> None:
    imported = group("00gad", "sudo", kind="imported")
    assert named(imported, member("tomas", "00gad"), admins=admins) == (
        False,
        [
            (
                "visibility.admins_group: The group it names comes from another system: nobody is an admin by"
                " it. Name a group that Okta itself keeps."
            )
        ],
    )


def test_two_groups_of_one_name_make_no_admin_and_the_id_tells_them_apart() -> None:
    twin = group("00gtwin", "admins")
    assert named(twin, member("tomas", "00gtwin")) == (
        False,
        [
            (
                "visibility.admins_group: 2 groups of Okta have the name it gives: nobody is an admin by"
                " it. Name the group by its id."
            )
        ],
    )
    assert viewer_for(find_person("tomas"), Visibility(admins_group="00gadm")).admin
    assert group_of("admins") is None


def test_a_group_called_like_the_id_of_another_takes_nothing_from_it() -> None:
    assert named(group("00gcuckoo", "00gadm"), admins="00gadm") == (True, [])


def test_a_group_that_is_not_there_is_said() -> None:
    _, faults = named(admins="Admins")
    assert faults == [
        (
            "visibility.admins_group: No group has the name or id it gives: nobody is an admin by it."
            " Check how Okta writes the name."
        )
    ]
