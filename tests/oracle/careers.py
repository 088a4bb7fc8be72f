"""What happens to people: they join, move, leave and come back. Each step says in words what it did."""

from datetime import timedelta

from .books import GONE
from .founding import NAMES, SITES, home_of, join
from .staging import NothingToDo, Stage
from .world import present


def move(on: Stage) -> str:
    """The whole move: team, the department above it, another manager; HR first, or Okta first."""
    email, team = on.person("ACTIVE", "SUSPENDED"), on.unit("team")
    profile = {"team": team.value, "department": home_of(on.world, team)}
    boss = on.one(
        [each.profile["employeeNumber"] for each in on.world.books.accounts.values() if each.email != email]
    )

    def okta() -> None:
        if email in on.world.books.accounts:
            on.world.set_profile(email, {**profile, "managerId": boss})

    def hr() -> None:
        if email in on.world.books.records:
            record = on.world.books.records[email]
            record.values, record.manager = dict(profile), f"h{boss}"

    first, second = on.dice.choice(((okta, hr), (hr, okta)))
    first()
    return f"{email} moves to {team.value}, {first.__name__} first{on.later(second)}"


def attribute(on: Stage) -> str:
    """Only one attribute changes, in Okta alone."""
    email = on.person()
    name, value = on.dice.choice(
        (
            ("team", on.unit("team").value),
            ("department", on.unit("department").value),
            ("site", on.dice.choice(SITES)),
            ("userType", on.dice.choice(("Employee", "Contractor", "Intern"))),
            ("department", ""),
        )
    )
    on.world.set_profile(email, {name: value})
    return f"{email}: {name} is now {value or 'empty'}"


def _newcomer(on: Stage) -> tuple[str, int]:
    number = len(on.world.tenant.users) + len(on.world.books.departed) + len(on.world.books.records) + 100
    return f"{on.dice.choice(NAMES)}{number}@nordwind.example", number


def hire(on: Stage) -> str:
    email, number = _newcomer(on)
    join(on.world, on.dice, email, number)
    return f"{email} joins"


def future_hire(on: Stage) -> str:
    """HR, or a staged account, tells of somebody who begins in some days; then they begin."""
    email, number = _newcomer(on)
    start = present().date() + timedelta(days=on.dice.randrange(1, 9))
    join(on.world, on.dice, email, number, status="STAGED", start=start, account=on.dice.random() < 0.7)

    def begins() -> None:
        if email in on.world.books.records:
            on.world.books.records[email].status = "active"
        if email in on.world.books.accounts and on.world.account(email).status == "STAGED":
            on.world.set_status(email, "ACTIVE")

    on.world.waiting.append((on.dice.randrange(2, 8), begins))
    return f"{email} will join on {start}"


def leave(on: Stage) -> str:
    """HR ends the record, Okta is deactivated; one before the other, sometimes."""
    email = on.person("ACTIVE", "SUSPENDED")

    def okta() -> None:
        if email in on.world.books.accounts and on.world.account(email).status != GONE:
            on.world.set_status(email, GONE)

    def hr() -> None:
        if email in on.world.books.records:
            on.world.books.records[email].status = "ended"

    first, second = on.dice.choice(((okta, hr), (hr, okta)))
    first()
    return f"{email} leaves, {first.__name__} first{on.later(second)}"


def suspend(on: Stage) -> str:
    email = on.person("ACTIVE")
    on.world.set_status(email, "SUSPENDED")
    return f"{email} is suspended"


def come_back(on: Stage) -> str:
    """Unsuspended, or taken on again with the same account."""
    email = on.person("SUSPENDED", GONE)
    on.world.set_status(email, "ACTIVE")
    if email in on.world.books.records:
        on.world.books.records[email].status = "active"
    return f"{email} is active again"


def rehire(on: Stage) -> str:
    """Somebody whose account was deleted comes back: a new account, the same employee number."""
    books = on.world.books
    email = on.one([each.email for each in books.departed.values() if each.email not in books.accounts])
    number = next(number for number, each in books.departed.items() if each.email == email)
    team = on.unit("team")
    values = {"team": team.value, "department": home_of(on.world, team)}
    if email in books.records:
        books.records[email].status, books.records[email].values = "active", values
    del books.departed[number]
    for rule in books.rules.values():
        rule.excluded.discard(email)  # Rules exclude accounts: the new one is excluded from none.
    own = {"employeeNumber": number, "userType": "Employee", "site": on.dice.choice(SITES)}
    on.world.hire(email, {name: value for name, value in (values | own).items() if value})
    return f"{email} is hired again, with a new account, into {team.value}"


def delete_user(on: Stage) -> str:
    email = on.person(GONE)
    on.world.delete_user(email)
    return f"{email} is deleted from Okta"


def other_manager(on: Stage) -> str:
    email, boss = on.person(), on.person()
    if email == boss:
        raise NothingToDo
    number = on.world.account(boss).profile["employeeNumber"]
    on.world.set_profile(email, {"managerId": number})
    if email in on.world.books.records:
        on.world.books.records[email].manager = f"h{number}"
    return f"{email} reports to {boss}"
