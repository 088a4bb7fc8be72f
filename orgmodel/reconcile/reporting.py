"""Reporting lines that lead to nobody, to somebody who has left, or in a circle."""

from collections.abc import Iterable

from orgmodel.sources.fix import console

from .cycles import find_cycles
from .detectors import FIRST_ACCOUNT, TRUTH, Context, Found, Severity, detector, listed, rows, short

_MEND = "HR record {}: enter a manager who is there"


@detector("manager-missing", "No manager on record", "low", "account", sources=(TRUTH,))
def missing(context: Context) -> Iterable[Found]:
    """People whose record names a manager nobody can find, or none although nobody reports to them."""
    # The top of the company has no manager, and reports. A source that names no managers says nothing.
    found = rows(
        f"""
        SELECT DISTINCT ON (p.id) p.id, p.name, {FIRST_ACCOUNT.format("p")}, a.native_id, a.manager_ref <> ''
        FROM orgmodel_person p
        JOIN orgmodel_account a ON a.person_id = p.id AND a.source = %(truth)s AND a.ended IS NULL
        WHERE p.status NOT IN ('ended', 'pending') AND p.manager_id IS NULL
          AND EXISTS (SELECT FROM orgmodel_account x WHERE x.source = %(truth)s AND x.ended IS NULL
                        AND x.manager_ref <> '')
          AND (a.manager_ref <> '' OR NOT EXISTS (
            SELECT FROM orgmodel_person r WHERE r.manager_id = p.id AND r.status <> 'ended'))
        ORDER BY p.id, a.id""",
        {"truth": context.truth},
    )
    for person, name, first, account, named in found:
        severity: Severity = "medium" if named else "low"
        what = "names a manager whom nobody can find" if named else "has no manager on record"
        yield Found(
            (first,),
            f"{short(name)} {what}.",
            (person,),
            evidence={"person": first, "account": account},
            fix=console(_MEND, account),
            severity=severity,
        )


@detector("manager-left", "Reports to somebody who has left", "medium", "account", sources=(TRUTH,))
def left(_: Context) -> Iterable[Found]:
    """Managers who have left and still have people; one finding per manager."""
    found = rows(f"""
        SELECT m.id, m.name, {FIRST_ACCOUNT.format("m")}, array_agg(p.id ORDER BY p.name, p.id),
               array_agg(p.name ORDER BY p.name, p.id),
               array_agg({FIRST_ACCOUNT.format("p")} ORDER BY p.name, p.id)
        FROM orgmodel_person p JOIN orgmodel_person m ON m.id = p.manager_id
        WHERE p.status NOT IN ('ended', 'pending') AND (m.status = 'ended' OR m.ended IS NOT NULL)
        GROUP BY 1, 2, 3 ORDER BY 2""")
    for manager, name, first, people, names, accounts in found:
        reports = "reports" if len(people) == 1 else "report"
        yield Found(
            (first,),
            f"{listed(names)} still {reports} to {short(name)}, who has left.",
            (manager, *people),
            evidence={"manager": first, "people": accounts[:200]},
            fix=console(_MEND, accounts[0]),
        )


@detector("manager-cycle", "Managers of one another", "medium", "account", sources=(TRUTH,))
def circle(_: Context) -> Iterable[Found]:
    """People whose managers lead back to themselves: no approval ever gets out of there."""
    found = rows(f"""
        SELECT p.id, manager_id, name, {FIRST_ACCOUNT.format("p")} FROM orgmodel_person p
        WHERE manager_id IS NOT NULL AND status <> 'ended'""")
    known = {row[0]: (row[2], row[3]) for row in found}
    for people in find_cycles({row[0]: row[1] for row in found}):
        accounts = [known[person][1] for person in people]
        yield Found(
            tuple(sorted(accounts)),
            f"{listed([known[person][0] for person in people])} are managers of one another in a circle.",
            people,
            evidence={"people": accounts},
            fix=console("HR record {}: enter a manager who does not report to them", accounts[0]),
        )
