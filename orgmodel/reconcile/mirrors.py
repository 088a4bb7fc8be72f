"""Members of a group that mirrors a group of another system, who are not in that one."""

from collections.abc import Iterable

from orgmodel.sources.registry import label, plans

from .detectors import Context, Found, detector, rows, short

# Whoever comes by any way to what is mirrored belongs in the mirror, however the system writes that down.
_BESIDE = """
    SELECT DISTINCT ON (r.name, r.id, p.name, p.id)
           p.id, p.name, a.native_id, r.id, r.name, r.native_id, r.source, g.origin,
           coalesce(g.true_began, g.began), m.name, m.source
    FROM orgmodel_edge x
    JOIN orgmodel_entitlement e ON e.id = x.target_id
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group' AND r.ended IS NULL
    JOIN orgmodel_entitlement s ON s.id = x.source_id JOIN orgmodel_resource m ON m.id = s.resource_id
    JOIN orgmodel_grant g ON g.entitlement_id = e.id AND g.ended IS NULL
     AND cardinality(g.rules) = 0 AND g.origin IN ('unknown', 'admin')
    JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status <> 'ended'
    WHERE x.sort = 'mirrors' AND x.ended IS NULL AND NOT EXISTS (
        SELECT FROM orgmodel_account o JOIN orgmodel_grant h ON h.account_id = o.id AND h.ended IS NULL
        JOIN orgmodel_reach w ON w.source_id = h.entitlement_id AND w.target_id = e.id
        WHERE o.person_id = p.id AND o.ended IS NULL AND o.state <> 'ended')
    ORDER BY r.name, r.id, p.name, p.id, x.id"""


@detector("member-beside-mirror", "Added by hand to a group that mirrors another", "medium", "grant", "edge")
def beside(_: Context) -> Iterable[Found]:
    """Direct members of a group that mirrors one of another system, where they are not a member."""
    for person, name, account, group, called, native, source, origin, since, mirrored, of in rows(_BESIDE):
        system = label(source)
        yield Found(
            (source, native, account),
            f"{short(called)}: {short(name)} was added in {system} directly, and is not in {short(mirrored)},"
            f" the {label(of)} group that it mirrors.",
            (person,),
            (group,),
            {
                "source": source,
                "group": native,
                "account": account,
                "since": since.isoformat(),
                "origin": origin,
                "mirrors": mirrored,
            },
            plans(source).take_out(native, [account], f"{called}, {name}"),
        )
