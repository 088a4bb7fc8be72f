"""The sandbox's own evaluator: every construct it promises, with answers written by hand."""

import pytest

from sandbox.okta.naive_rules import NotSupported, fits

PROFILE = {
    "team": "cucumber",
    "title": "Team lead",
    "isManager": True,
    "isContractor": False,
    "city": "B",
    "state": None,
    "skills": ["dbt", "airflow"],
    "level": 4,
}
GROUPS = {"00gA": "dept-engineering", "00gB": "Office Berlin"}

TRUE = [
    'user.team == "cucumber"',
    "user.team == 'cucumber'",
    'user.team != "radish"',
    "user.isManager",
    "!user.isContractor",
    "NOT user.isContractor",
    "user.state == null",
    "user.level >= 4 AND user.level < 5",
    'user.team == "radish" OR user.isManager',
    'user.team == "radish" || user.team == "cucumber"',
    'user.team == "cucumber" && user.isManager',
    # AND binds tighter than OR: true without parentheses, false with them (below).
    'user.city == "B" OR user.city == "A" AND user.state == "TX"',
    '!(user.team == "radish") and (user.isManager or user.isContractor)',
    'String.startsWith(user.title, "Team")',
    'String.stringContains(user.title, "lead")',
    'String.stringContains({"cucumber", "radish"}, user.team)',
    'String.toLowerCase(user.title) == "team lead"',
    'Arrays.contains(user.skills, "dbt")',
    'isMemberOfGroupName("dept-engineering")',
    'isMemberOfAnyGroup("00gX", "00gB")',
    'isMemberOfGroupNameStartsWith("Office")',
]
FALSE = [
    'user.team == "Cucumber"',
    "user.isContractor",
    "user.level > 4",
    '(user.city == "B" OR user.city == "A") AND user.state == "TX"',
    'String.startsWith(user.state, "T")',
    'Arrays.contains(user.skills, "db")',
    'isMemberOfGroupName("Dept-Engineering")',
    'isMemberOfAnyGroup("00gX")',
    "user.team",
]
UNREADABLE = [
    'user.team == "cucumber" AND',
    'user.team = "cucumber"',
    'profile.team == "cucumber"',
    'String.endsWith(user.team, "er")',
    "String.startsWith(user.team)",
    "(user.isManager",
    'Arrays.contains(user.skills "dbt")',
    "",
]


@pytest.mark.parametrize("expression", TRUE)
def test_fits(expression: str) -> None:
    assert fits(expression, PROFILE, GROUPS) is True


@pytest.mark.parametrize("expression", FALSE)
def test_does_not_fit(expression: str) -> None:
    assert fits(expression, PROFILE, GROUPS) is False


@pytest.mark.parametrize("expression", UNREADABLE)
def test_what_it_cannot_read_it_does_not_guess(expression: str) -> None:
    with pytest.raises(NotSupported):
        fits(expression, PROFILE, GROUPS)
