"""How large a pretend company can be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """What a company of this size has. Groups and apps: in all; memberships: without Everyone's.

    Every team has a rule, and Okta allows 2,000 of them, which bounds the teams.
    """

    people: int
    teams: int
    groups: int = 0
    apps: int = 0
    memberships: int = 0
    """0 of these: as many as come by themselves."""


SIZES = {
    "demo": Size(220, 20),
    "S": Size(2_200, 200, 400, 45, 20_000),
    "L": Size(10_000, 900, 3_000, 800, 120_000),
    "XL": Size(100_000, 1_500, 20_000, 2_000, 2_000_000),
}
