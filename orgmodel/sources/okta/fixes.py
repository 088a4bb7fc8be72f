"""What people may do in Okta: API calls, Terraform of Okta's provider, ways through the admin console."""

import re
from collections.abc import Sequence

from orgmodel.sources.fix import Fix, cell, comment, hcl, ident

MOST_LINES = 50
"""A plan names at most so many accounts; the finding says how many there are."""
_CALL = 'curl -sS -X {} -H "Authorization: SSWS $OKTA_ADMIN_TOKEN" "$OKTA_URL/api/v1/{}"'
_JSON_CALL = _CALL + " -H 'Content-Type: application/json' -d '{}'"


def take_out(group: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
    """Remove direct members of a group."""
    paths = [f"groups/{ident(group)}/users/{ident(account)}" for account in accounts[:MOST_LINES]]
    return (
        Fix("api", _script("DELETE", paths, name), _script("PUT", paths, name)),
        Fix(
            "console",
            f"Directory › Groups › {ident(group)} › People › remove {_some(accounts)}",
            f"Directory › Groups › {ident(group)} › People › assign {_some(accounts)}",
        ),
    )


def keep_only(group: str, members: Sequence[str], name: str) -> tuple[Fix, ...]:
    """Terraform that takes a group as it is and keeps these members; nothing where they are too many."""
    if len(members) > MOST_LINES:
        return ()
    label = _label(group)
    kept = ", ".join(hcl(member) for member in members)
    text = f"""\
{comment(name)}
import {{
  to = okta_group_memberships.{label}
  id = {hcl(f"{ident(group)}/true")}
}}

resource "okta_group_memberships" "{label}" {{
  group_id        = {hcl(ident(group))}
  track_all_users = true
  users           = [{kept}]
}}"""
    back = f"terraform state rm okta_group_memberships.{label}\n# then the way back of the API call"
    return (Fix("terraform", text, back),)


def make_group(name: str, description: str) -> tuple[Fix, ...]:
    """Terraform for a group that does not exist yet."""
    label = _label(name)
    text = f"""\
resource "okta_group" "{label}" {{
  name        = {hcl(name)}
  description = {hcl(description)}
}}"""
    return (Fix("terraform", text, f"terraform destroy -target=okta_group.{label}"),)


def deactivate(account: str, name: str) -> tuple[Fix, ...]:
    """Deactivate a user."""
    path = f"users/{ident(account)}/lifecycle/"
    return (
        Fix(
            "api",
            _script("POST", [path + "deactivate"], name),
            _script("POST", [path + "activate?sendEmail=false"], name),
        ),
        Fix(
            "console",
            f"Directory › People › {ident(account)} › More actions › Deactivate",
            f"Directory › People › {ident(account)} › Activate",
        ),
    )


def unassign(app: str, accounts: Sequence[str], name: str) -> tuple[Fix, ...]:
    """End direct assignments to an app. The way back restores the assignment, not its level."""
    some = accounts[:MOST_LINES]
    assign = f"apps/{ident(app)}/users"
    back = [_JSON_CALL.format("POST", assign, _assignment(account)) for account in some]
    table = "\n".join(f"{cell(app)},{cell(account)}" for account in accounts)
    return (
        Fix(
            "api",
            _script("DELETE", [f"{assign}/{ident(account)}" for account in some], name),
            "\n".join([comment(name), *back]),
        ),
        Fix("csv", f"app_id,user_id\n{table}", "Assign the same people again; set their levels by hand."),
    )


def run_rule(rule: str, name: str) -> tuple[Fix, ...]:
    """Switch a rule on again."""
    path = f"groups/rules/{ident(rule)}/lifecycle/"
    return (
        Fix("api", _script("POST", [path + "activate"], name), _script("POST", [path + "deactivate"], name)),
    )


def _script(method: str, paths: Sequence[str], name: str) -> str:
    return "\n".join([comment(name), *(_CALL.format(method, path) for path in paths)])


def _assignment(account: str) -> str:
    return f'{{"id": "{ident(account)}", "scope": "USER"}}'


def _some(accounts: Sequence[str]) -> str:
    more = len(accounts) - 3
    return ", ".join(ident(account) for account in accounts[:3]) + (f" and {more} more" if more > 0 else "")


def _label(text: str) -> str:
    return "g_" + re.sub(r"[^A-Za-z0-9_-]", "_", text)[:60]
