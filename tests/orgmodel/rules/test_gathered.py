"""Expressions gathered from documents, threads and real tenants: read, written back, and said in words."""

import pytest

from orgmodel.rules.parse import parse
from orgmodel.rules.render import render
from orgmodel.rules.words import in_words

GATHERED = {
    'user.city == "San Francisco"': "whose city is San Francisco",
    "user.salary >= 1000000": "whose salary is at least 1000000",
    "user.salary > 1000000 AND !user.isContractor": "whose salary is above 1000000, except contractors",
    'String.stringContains(user.department, "Sales")': "whose department contains Sales",
    'user.department matches "California-[a-zA-Z]+-Sales"': (
        "whose department matches the pattern California-[a-zA-Z]+-Sales"
    ),
    "user.title matches '(?i)engineer'": "whose title matches the pattern (?i)engineer",
    "user.hasBadge": "who has a badge",
    'String.stringContains(user.email, "@example.com")': "whose email contains @example.com",
    'Arrays.contains(user.favoriteColors, "blue")': "whose favorite colors include blue",
    'user.getInternalProperty("status") == "ACTIVE"': "for whom Okta status is ACTIVE",
    'user.role=="Engineer"': "whose role is Engineer",
    'String.startsWith(user.firstName,"andy")': "whose first name begins with andy",
    'String.startsWith(user.firstName,String.toLowerCase("bOb"))': ("whose first name begins with bob"),
    'String.startsWith(user.employeeNumber,"123")': "whose employee number begins with 123",
    'isMemberOfAnyGroup("00ga","00gb")': "in any of the groups 00ga, 00gb",
    'isMemberOfGroupNameStartsWith("DEPT-")': "in a group whose name begins with DEPT-",
    'isMemberOfGroupName("California")': "in the group California",
    'user.firstName == "John" AND (user.lastName == "Doe" OR user.lastName == "Smith")': (
        "whose first name is John and whose last name is Doe or Smith"
    ),
    '(user.department == "Sales" AND (user.city == "SF" OR user.city == "NYC"))'
    ' OR (user.department == "Engineering" AND user.title == "Senior")': (
        "(whose department is Sales and whose city is SF or NYC)"
        " or (whose department is Engineering and whose title is Senior)"
    ),
    'user.email == "test+alias@example.com" AND user.department == "R&D"': (
        "whose email is test+alias@example.com and whose department is R&D"
    ),
    'String.stringContains(String.toLowerCase(user.login),String.toLowerCase("x@qb.com"))': (
        "whose login in lower case contains x@qb.com"
    ),
    'user.department=="Marketing" and user.employmentStatus=="ACTIVE"': (
        "whose department is Marketing and whose employment status is ACTIVE"
    ),
    'user.externalType=="BPO" and Arrays.contains(user.bpoRoles, "CARE_Agent")': (
        "whose external type is BPO and whose bpo roles include CARE_Agent"
    ),
    '(user.organization == "uw") && ((user.division == "IT" && user.department == "Support")'
    ' || (user.roleID == "2" && !user.isTemp && user.isManager) || Arrays.contains(user.tags, "devs")'
    ' || String.stringContains(user.teams,"infra"))': (
        "whose organization is uw and ((whose division is IT and whose department is Support)"
        " or (whose role ID is 2 and who is not a temp and who is a manager)"
        " or whose tags include devs or whose teams contains infra)"
    ),
    'String.startsWith(user.teams,"Technology/Security")': "whose teams begins with Technology/Security",
    'String.substringAfter(user.login,"@") == "acme.com"': "whose login after @ is acme.com",
    'user.userType=="Exception"': "whose user type is Exception",
    'user.Location == "Remote" AND user.workerType == "Employee" AND user.department == "Engineering"'
    " AND user.active": (
        "whose location is Remote and whose worker type is Employee"
        " and whose department is Engineering and who is marked active"
    ),
    'String.stringContains(toLowerCase(user.role),"testing")': "whose role in lower case contains testing",
    'String.startsWith(user.articulateId,"auth0|")': "whose articulate id begins with auth0|",
    'user.lastName=="Doe-Group-Rule-Ops"': "whose last name is Doe-Group-Rule-Ops",
    "user.employeeNumber == null": "whose employee number is unset",
    'user.department == "Sales" AND !(user.title == "SDE")': (
        "whose department is Sales, except those whose title is SDE"
    ),
    'user.city == "A" OR user.city == "B" AND user.state == "TX"': (
        "whose city is A or (whose city is B and whose state is TX)"
    ),
    'String.stringContains(user.title,"Engineer") && !isMemberOfAnyGroup("00g15","00g16")': (
        "whose title contains Engineer, except those in any of the groups 00g15, 00g16"
    ),
    '(user.countryCode == "US" || user.countryCode == "CA")': "whose country code is US or CA",
    'String.stringContains({"Finance","Legal"}, user.department)': (
        "for whom department is one of Finance, Legal"
    ),
    'user.employeeNumber != "" AND user.employeeNumber != null ? true : false': (
        "whose employee number is not empty and whose employee number is set"
    ),
}


@pytest.mark.parametrize("text", GATHERED)
def test_it_is_read_written_back_and_said(text: str) -> None:
    node = parse(text)
    assert parse(render(node)) == node
    assert in_words(node) == f"everyone {GATHERED[text]}"


def test_everyone_with_an_exception_only() -> None:
    assert in_words(parse("!user.isContractor")) == "everyone, except contractors"
