"""Accounts that cannot be told apart, or that look like a person they were not joined to."""

from collections.abc import Iterable

from orgmodel.sources.fix import console
from orgmodel.sources.registry import label
from orgmodel.sources.roles import DIRECTORIES, HR, IS_DIRECTORY, IS_HR, IS_PEOPLE

from .detectors import Context, Found, detector, rows, short

# A record of HR that has ended may still be in the way of a new one; a closed account is not.
_OPEN = f"(state <> 'ended' OR source {IS_HR})"
_SHARED = f"""
    SELECT x.source, x.what, array_agg(x.native_id ORDER BY x.native_id),
           array_agg(DISTINCT x.person_id) FILTER (WHERE x.person_id IS NOT NULL)
    FROM (
        SELECT source, native_id, person_id, 'e-mail address' AS what, lower(email) AS value
        FROM orgmodel_account WHERE ended IS NULL AND {_OPEN} AND email <> ''
        UNION ALL
        SELECT source, native_id, person_id, 'employee number', employee_number
        FROM orgmodel_account WHERE ended IS NULL AND {_OPEN} AND employee_number <> ''
    ) x WHERE x.source {IS_PEOPLE}
    GROUP BY x.source, x.what, x.value HAVING count(*) > 1 ORDER BY 1, 2, 3"""

# Only where both stand alone, and where the name is borne by one on either side.
_ALIKE = f"""
    WITH lone AS (
        SELECT a.id, a.source, a.native_id, a.person_id, a.name, lower(a.name) AS folded
        FROM orgmodel_account a
        WHERE a.ended IS NULL AND a.source {IS_PEOPLE} AND a.name <> ''
          AND a.state <> 'ended' AND NOT EXISTS (
            SELECT FROM orgmodel_account o WHERE o.person_id = a.person_id AND o.source <> a.source
              AND o.source {IS_PEOPLE})
    )
    SELECT min(name), min(native_id) FILTER (WHERE source {IS_HR}),
           min(native_id) FILTER (WHERE source {IS_DIRECTORY}),
           array_agg(person_id ORDER BY source) FILTER (WHERE person_id IS NOT NULL)
    FROM lone GROUP BY folded
    HAVING count(*) FILTER (WHERE source {IS_HR}) = 1 AND count(*) FILTER (WHERE source {IS_DIRECTORY}) = 1
    ORDER BY 1"""


# An account of a source of access that its strongest evidence gives to more than one person.
_SEVERAL = f"""
    SELECT source, native_id, coalesce(nullif(name, ''), native_id), split_part(match, ': ', 2)
    FROM orgmodel_account
    WHERE person_id IS NULL AND ended IS NULL AND state <> 'ended' AND match LIKE 'several people: %%'
      AND NOT source {IS_PEOPLE} ORDER BY source, native_id"""


@detector("identity-collision", "Accounts that cannot be told apart", "medium", "account")
def collision(context: Context) -> Iterable[Found]:
    """Accounts of one source that share what joins them, or of a further one that fit several people; an Okta
    user that looks like an HR person."""
    nouns = {name: f"{label(name)} {'records' if name in HR else 'accounts'}" for name in (*HR, *DIRECTORIES)}
    for source, what, natives, people in rows(_SHARED):
        yield Found(
            (source, what, *natives),
            f"{len(natives)} {nouns[source]} share one {what}: none of them can be joined by it.",
            tuple(people or ()),
            evidence={"source": source, "shared": what, "accounts": natives[:200]},
            fix=console("Directory › People › {}: give it the " + what + " of its own person", natives[-1]),
        )
    for source, native, name, evidence in rows(_SEVERAL):
        yield Found(
            ("several", source, native),
            f"{short(name)}: the {evidence} of this {label(source)} account fits several people, so it is"
            " joined to none of them.",
            evidence={"source": source, "account": native, "by": evidence},
            fix=console("{}, account {}: enter the address or the number of its own person", source, native),
        )
    if context.truth in DIRECTORIES:
        return
    for name, record, account, people in rows(_ALIKE):
        yield Found(
            ("alike", record, account),
            f"{short(name)}: an Okta account and an HR record bear this name, and nothing else joins them.",
            tuple(people or ()),
            evidence={"record": record, "account": account},
            fix=console("Directory › People › {} › Profile: enter the employee number {}", account, record),
        )
