"""Accounts that cannot be told apart, or that look like a person they were not joined to."""

from collections.abc import Iterable

from orgmodel.sources.fix import console
from orgmodel.sources.registry import label
from orgmodel.sources.roles import DIRECTORIES, HR, IS_DIRECTORY, IS_HR, IS_PEOPLE

from .detectors import Context, Found, detector, rows, short

# A record of HR that has ended may still be in the way of a new one; a closed account is not.
_OPEN = f"(state <> 'ended' OR source {IS_HR})"
# What an admin has decided is no question any more.
_UNDECIDED = "match NOT IN ('linked by hand', 'kept apart by hand')"
_SHARED = f"""
    SELECT x.source, x.what, array_agg(x.native_id ORDER BY x.native_id),
           array_agg(DISTINCT x.person_id) FILTER (WHERE x.person_id IS NOT NULL)
    FROM (
        SELECT source, native_id, person_id, 'e-mail address' AS what, lower(email) AS value
        FROM orgmodel_account WHERE ended IS NULL AND {_OPEN} AND {_UNDECIDED} AND email <> ''
        UNION ALL
        SELECT source, native_id, person_id, 'employee number', employee_number
        FROM orgmodel_account WHERE ended IS NULL AND {_OPEN} AND {_UNDECIDED} AND employee_number <> ''
    ) x WHERE x.source {IS_PEOPLE}
    GROUP BY x.source, x.what, x.value HAVING count(*) > 1 ORDER BY 1, 2, 3"""

# Only where both stand alone, and where the name is borne by one on either side.
_ALIKE = f"""
    WITH lone AS (
        SELECT a.id, a.source, a.native_id, a.person_id, a.name, lower(a.name) AS folded
        FROM orgmodel_account a
        WHERE a.ended IS NULL AND a.source {IS_PEOPLE} AND a.name <> ''
          AND a.state <> 'ended' AND a.{_UNDECIDED} AND NOT EXISTS (
            SELECT FROM orgmodel_account o WHERE o.person_id = a.person_id AND o.source <> a.source
              AND o.source {IS_PEOPLE})
    )
    SELECT min(name), min(native_id) FILTER (WHERE source {IS_HR}),
           min(native_id) FILTER (WHERE source {IS_DIRECTORY}),
           array_agg(person_id ORDER BY source) FILTER (WHERE person_id IS NOT NULL)
    FROM lone GROUP BY folded
    HAVING count(*) FILTER (WHERE source {IS_HR}) = 1 AND count(*) FILTER (WHERE source {IS_DIRECTORY}) = 1
    ORDER BY 1"""


# A number that is the id of one record and the number of another; an address may still have joined them.
_TWO_RECORDS = f"""
    WITH lone AS (
        SELECT o.* FROM orgmodel_account o
        WHERE o.source {IS_DIRECTORY} AND o.ended IS NULL AND o.state <> 'ended' AND o.employee_number <> ''
          AND o.{_UNDECIDED} AND NOT EXISTS (
              SELECT FROM orgmodel_account x WHERE x.person_id = o.person_id AND x.source {IS_HR})
    )
    SELECT o.source, o.native_id, o.name, o.person_id, h.native_id, k.native_id
    FROM lone o
    JOIN orgmodel_account h ON h.native_id = o.employee_number AND h.source {IS_HR}
     AND h.ended IS NULL AND h.state <> 'ended'
    JOIN orgmodel_account k ON k.employee_number = o.employee_number AND k.source {IS_HR}
     AND k.ended IS NULL AND k.state <> 'ended' AND k.id <> h.id
    ORDER BY 1, 2, 5, 6"""
# An account of a source of access that its strongest evidence gives to more than one person.
_SEVERAL = f"""
    SELECT source, native_id, coalesce(nullif(name, ''), native_id), split_part(match, ': ', 2)
    FROM orgmodel_account
    WHERE person_id IS NULL AND ended IS NULL AND state <> 'ended' AND match LIKE 'several people: %%'
      AND NOT source {IS_PEOPLE} ORDER BY source, native_id"""


@detector("identity-collision", "Accounts that cannot be told apart", "medium", "account")
def collision(context: Context) -> Iterable[Found]:
    """Accounts of one source that share what joins them, or that fit several people; an Okta user that looks
    like an HR person. Whatever an admin has decided is no question any more."""
    nouns = {name: f"{label(name)} {'records' if name in HR else 'accounts'}" for name in (*HR, *DIRECTORIES)}
    for source, what, natives, people in rows(_SHARED):
        yield Found(
            (source, what, *natives),
            f"{len(natives)} {nouns[source]} share one {what}, so none of them can be joined by it."
            f" Give each its own {what}, or link them by hand to the right person.",
            tuple(people or ()),
            evidence={"source": source, "shared": what, "accounts": natives[:200]},
            fix=console("Directory › People › {}: give it the " + what + " of its own person", natives[-1]),
        )
    for source, native, name, person, *records in rows(_TWO_RECORDS):
        yield Found(
            ("two records", source, native, *records),
            f"{short(name)}: the employee number of this {label(source)} account is the id of one HR record"
            " and the number of another, so it is joined to neither. Link the account by hand to the right"
            " person.",
            (person,) if person else (),
            evidence={"source": source, "account": native, "records": records},
            fix=console("Directory › People › {} › Profile: check the employee number", native),
        )
    for source, native, name, evidence in rows(_SEVERAL):
        yield Found(
            ("several", source, native),
            f"{short(name)}: the {evidence} of this {label(source)} account fits several people, so it is"
            " joined to none of them. Correct it there, or link the account by hand to the right person.",
            evidence={"source": source, "account": native, "by": evidence},
            fix=console("{}, account {}: enter the address or the number of its own person", source, native),
        )
    if context.truth in DIRECTORIES:
        return
    for name, record, account, people in rows(_ALIKE):
        yield Found(
            ("alike", record, account),
            f"{short(name)}: an Okta account and an HR record bear this name, and nothing else joins them."
            " If they are one person, enter the employee number in Okta, or link the account by hand.",
            tuple(people or ()),
            evidence={"record": record, "account": account},
            fix=console("Directory › People › {} › Profile: enter the employee number {}", account, record),
        )
