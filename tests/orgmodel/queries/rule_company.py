"""A hand-made company whose rules are of every kind: plain, two clauses, a cascade, unknown, broken."""

from orgmodel.facts import Fact, ProfileFact
from tests.orgmodel.sync.world import account, app, group, member, opens, rule, seat

SCHEMA = [
    ProfileFact(name, name, "string", True) for name in ("team", "department", "title", "userType", "city")
] + [ProfileFact("badge", "Badge", "boolean", True), ProfileFact("nickName", "Nickname", "string", False)]
FACTS: list[Fact] = [
    *SCHEMA,
    account("nadia", "Nadia Brandt", team="radish", department="Engineering", userType="Employee"),
    account("tomas", "Tomas Okafor", team="cucumber", department="Engineering", userType="Contractor"),
    account("quinn", "Quinn Abe", team="cucumbre", department="Design", status="DEPROVISIONED"),
    group("00gcuc", "team-cucumber"),
    group("00grad", "team-radish"),
    group("00geng", "dept-engineering"),
    group("00gcrew", "crew"),
    group("00gsec", "secret"),
    group("00gonc", "radish-oncall"),
    app("0oafigma", "Figma"),
    app("0oadog", "Datadog"),
    app("0oastag", "Radish staging"),
    app("0oacrew", "Crew room"),
    app("0oasec", "Vault"),
    opens("00gcuc", "0oafigma", "Editor"),
    opens("00geng", "0oafigma", "Viewer", 1),
    opens("00geng", "0oadog"),
    opens("00grad", "0oastag"),
    opens("00gonc", "0oastag"),
    opens("00gcrew", "0oacrew"),
    opens("00gsec", "0oasec"),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber" AND user.userType != "Contractor"', "00gcuc"),
    rule("0prrad", "Radish team", 'user.team == "radish"', "00grad"),
    rule("0preng", "Engineering", 'user.department == "Engineering"', "00geng"),
    rule("0prcrew", "Crew", 'isMemberOfGroupName("team-cucumber")', "00gcrew"),
    rule("0prsec", "Secret", 'String.len(user.city) > 2 AND user.team == "cucumber"', "00gsec"),
    rule("0prbad", "Broken", "user.team = cucumber", "00gcuc"),
    member("nadia", "00grad", "0prrad"),
    member("nadia", "00geng", "0preng"),
    member("nadia", "00gonc"),
    member("tomas", "00geng", "0preng"),
    seat("tomas", "0oastag"),
]
