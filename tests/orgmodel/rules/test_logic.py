"""The laws of three-valued logic, on values and on whole expressions."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.rules.evaluate import Subject, fits
from orgmodel.rules.values import Truth, Unknown, Value, all_of, any_of, opposite

from .test_reading import TREES

TRUTHS = st.sampled_from([True, False, Unknown("a"), Unknown("b")])


def known(value: Truth) -> bool | None:
    return value if isinstance(value, bool) else None


@given(st.lists(TRUTHS, max_size=4), st.permutations(range(4)))
def test_the_laws_of_three_valued_logic(values: list[Truth], order: list[int]) -> None:
    shuffled = [values[place] for place in order if place < len(values)]
    assert known(all_of(values)) == known(all_of(shuffled))
    assert known(any_of(values)) == known(any_of(shuffled))
    assert known(opposite(all_of(values))) == known(any_of(map(opposite, values)))
    assert known(opposite(any_of(values))) == known(all_of(map(opposite, values)))
    for one in values:
        assert opposite(opposite(one)) == one
        assert known(all_of([one, any_of([one, *values])])) == known(one)
        assert known(any_of([one, all_of([one, *values])])) == known(one)


@given(st.lists(TRUTHS, max_size=4), st.booleans())
def test_learning_more_never_takes_back_what_was_known(values: list[Truth], learnt: bool) -> None:
    more = [learnt if isinstance(each, Unknown) else each for each in values]
    for join in (all_of, any_of):
        assert known(join(values)) in {None, known(join(more))}


PROFILES = st.dictionaries(
    st.sampled_from(["team", "city", "isManager", "orgUnit", "and"]),
    st.one_of(
        st.text(max_size=4), st.integers(-5, 5), st.booleans(), st.lists(st.text(max_size=2), max_size=2)
    ),
)


@settings(max_examples=200, deadline=None)
@given(TREES, PROFILES)
def test_any_expression_has_a_value_for_anybody(node: Any, profile: dict[str, Any]) -> None:
    value: Value = fits(node, Subject(profile))
    assert isinstance(value, bool) or (isinstance(value, Unknown) and value.reason)


@settings(max_examples=200, deadline=None)
@given(TREES, PROFILES)
def test_what_is_known_without_a_value_is_so_for_the_empty_text(node: Any, profile: dict[str, Any]) -> None:
    """The empty text is one of the two things that Okta may keep for an attribute without a value."""
    value = fits(node, Subject(profile))
    emptied = {name: profile.get(name, "") for name in ("team", "city", "isManager", "orgUnit", "and")}
    if isinstance(value, bool):
        assert fits(node, Subject(emptied)) is value
