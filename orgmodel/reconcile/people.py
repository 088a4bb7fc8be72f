"""HR and Okta about the same person: what differs, what is missing, what cannot be."""

from collections.abc import Iterable

from .found import Context, Found, detector, rows


@detector("hris-okta-mismatch", "HR and Okta differ", "medium", "account")
def mismatch(context: Context) -> Iterable[Found]:
    """Tracked attributes that have another value in Okta than in the HR record."""
    if context.truth == "okta":
        return
    names = sorted(
        {"title", *(kind.attribute for kind in context.conventions.unit_kinds if kind.attribute)}
        | (set(context.conventions.move_attributes) - {"manager"})
    )
    found = rows(
        """
        SELECT p.id, p.name, o.native_id, array_agg(x.name ORDER BY x.name),
               array_agg(x.ours ORDER BY x.name), array_agg(x.theirs ORDER BY x.name)
        FROM orgmodel_person p
        JOIN orgmodel_account h ON h.person_id = p.id AND h.source = 'hris' AND h.ended IS NULL
        JOIN orgmodel_account o ON o.person_id = p.id AND o.source = 'okta' AND o.ended IS NULL
         AND o.status <> 'DEPROVISIONED'
        JOIN LATERAL (
            SELECT t.name, t.value #>> '{}' AS ours, w.value #>> '{}' AS theirs
            FROM orgmodel_attribute t
            JOIN orgmodel_attribute w ON w.account_id = o.id AND w.name = t.name AND w.ended IS NULL
            WHERE t.account_id = h.id AND t.ended IS NULL AND t.name = ANY(%(names)s)
              AND coalesce(t.value #>> '{}', '') <> coalesce(w.value #>> '{}', '')
        ) x ON true
        GROUP BY 1, 2, 3 ORDER BY 2""",
        {"names": names},
    )
    for person, name, account, fields, ours, theirs in found:
        said = "; ".join(
            f"{field} is “{here}” in HR and “{there}” in Okta"
            for field, here, there in zip(fields, ours, theirs, strict=True)
        )
        yield Found((account,), f"{name}: {said}.", (person,), (), {"account": account, "attributes": fields})


@detector("manager-missing", "No manager on record", "low", "account")
def no_manager(context: Context) -> Iterable[Found]:
    """People whose record names a manager that cannot be found, or one who has left."""
    found = rows(
        """
        SELECT p.id, p.name, p.key, m.name, m.status FROM orgmodel_person p
        JOIN orgmodel_account a ON a.person_id = p.id AND a.source = %(truth)s AND a.ended IS NULL
        LEFT JOIN orgmodel_person m ON m.id = p.manager_id
        WHERE p.status = 'active' AND a.manager_ref <> '' AND (m.id IS NULL OR m.status = 'ended')
        ORDER BY p.name""",
        {"truth": context.truth},
    )
    for person, name, key, manager, _ in found:
        why = f"reports to {manager}, who has left" if manager else "names a manager whom nobody can find"
        yield Found((key,), f"{name} {why}.", (person,))


@detector("contractor-without-end", "Contractor without an end date", "low", "account")
def contractors(context: Context) -> Iterable[Found]:
    """Contractors whose access never ends by itself."""
    found = rows("""
        SELECT id, name, key FROM orgmodel_person
        WHERE lower(worker_type) LIKE '%%contract%%' AND end_date IS NULL AND status = 'active'
        ORDER BY name""")
    for person, name, key in found:
        yield Found((key,), f"{name} is a contractor without an end date.", (person,))


@detector("shared-address", "Two accounts share an address", "medium", "account")
def shared(context: Context) -> Iterable[Found]:
    """Accounts of one source with the same e-mail address: they cannot be told apart when joining."""
    found = rows("""
        SELECT source, array_agg(native_id ORDER BY native_id), array_agg(DISTINCT person_id)
        FROM orgmodel_account WHERE ended IS NULL AND email <> '' AND status <> 'DEPROVISIONED'
        GROUP BY source, lower(email) HAVING count(*) > 1""")
    for source, natives, people in found:
        yield Found(
            (source, *natives),
            f"{len(natives)} {source} accounts share one e-mail address.",
            tuple(person for person in people if person),
            evidence={"source": source, "accounts": natives},
        )
