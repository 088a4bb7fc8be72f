"""People who have left according to HR, and what they still have; contractors without an end date."""

from collections.abc import Iterable
from datetime import date, timedelta

from orgmodel.sources.fix import console
from orgmodel.sources.registry import label, plans
from orgmodel.sources.roles import DIRECTORIES, IS_DIRECTORY, IS_HR
from orgmodel.sources.state_words import ENDED_SEATS

from .detectors import FIRST_ACCOUNT, TRUTH, Context, Found, counted, detector, listed, rows, short, written

CLOCK = timedelta(minutes=15)
"""So long after somebody has left an account may still be open."""

# Ended by status or end date; or the HR record itself is gone while the Okta user goes on.
_LEFT = f"""
    left_people AS (
        SELECT p.id, p.name, h.ended IS NOT NULL AND p.status <> 'ended' AS vanished,
               CASE WHEN p.end_date <= %(today)s THEN p.end_date::timestamp AT TIME ZONE %(zone)s
                    ELSE coalesce(h.ended, gone.at) END AS since,
               CASE WHEN p.end_date <= %(today)s THEN p.end_date END AS end_date
        FROM orgmodel_person p
        LEFT JOIN LATERAL (
            SELECT x.ended FROM orgmodel_account x WHERE x.person_id = p.id AND x.source {IS_HR}
            ORDER BY (x.ended IS NULL) DESC, x.ended DESC LIMIT 1) h ON true
        LEFT JOIN LATERAL (
            SELECT max(c.at) AS at FROM orgmodel_change c
            WHERE c.person_id = p.id AND c.kind = 'person' AND c.after ->> 'status' = 'ended'
              AND p.status = 'ended') gone ON true
        WHERE p.status = 'ended' OR (%(truth)s {IS_HR} AND h.ended IS NOT NULL)
    )"""


@detector(
    "leaver-active", "Left, and the account is still active", "high", "account", sources=(*DIRECTORIES, TRUTH)
)
def active(context: Context) -> Iterable[Found]:
    """People who have left, whose account in Okta, or in a system behind it, can still sign in."""
    found = rows(
        f"""
        WITH {_LEFT}
        SELECT l.id, l.name, a.source, a.native_id, a.status, l.vanished, l.since, l.end_date
        FROM left_people l
        JOIN orgmodel_account a ON a.person_id = l.id AND NOT a.source {IS_HR} AND a.ended IS NULL
        WHERE a.state NOT IN ('ended', 'suspended', 'pending')
        ORDER BY l.since, l.name, a.source {IS_DIRECTORY} DESC, a.source""",
        _parameters(context),
    )
    for person, name, source, account, status, vanished, since, end_date in found:
        seen = since.astimezone(context.conventions.notify.time_zone).date() if since else None
        waited = context.now - since if since else None
        yield Found(
            (account,) if source in DIRECTORIES else (source, account),
            f"{_gone(short(name), end_date, seen, vanished=vanished)},"
            f" and the {label(source)} account is still {status.lower().replace('_', ' ')}.",
            (person,),
            (),
            {
                **({} if source in DIRECTORIES else {"source": source}),
                "account": account,
                "status": status,
                "since": since.isoformat() if since else None,
                "end_date": end_date.isoformat() if end_date else None,
                "minutes": int(waited.total_seconds() // 60) if waited is not None else None,
                "clock_minutes": int(CLOCK.total_seconds() // 60),
                "overdue": waited is None or waited >= CLOCK,
                "vanished": vanished,
            },
            plans(source).deactivate(account, name),
        )


@detector("leaver-seats", "Left, and still holds apps", "medium", "seat", sources=(*DIRECTORIES, TRUTH))
def seats(context: Context) -> Iterable[Found]:
    """People who have left and whose assignments to apps are still listed."""
    found = rows(
        f"""
        WITH {_LEFT}
        SELECT l.id, l.name, a.native_id, a.status, a.state = 'ended', l.since,
               array_agg(r.id ORDER BY r.name, r.id),
               array_agg(r.name ORDER BY r.name, r.id), array_agg(r.native_id ORDER BY r.name, r.id),
               array_agg(s.scope ORDER BY r.name, r.id)
        FROM left_people l
        JOIN orgmodel_account a ON a.person_id = l.id AND a.source {IS_DIRECTORY}
        JOIN orgmodel_seat s ON s.account_id = a.id AND s.ended IS NULL
         AND s.status NOT IN ({ENDED_SEATS})
        JOIN orgmodel_resource r ON r.id = s.app_id AND r.ended IS NULL AND r.status <> 'inactive'
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2""",
        _parameters(context),
    )
    for person, name, account, status, closed, since, apps, labels, natives, scopes in found:
        direct = [native for native, scope in zip(natives, scopes, strict=True) if scope == "USER"]
        yield Found(
            (account,),
            f"{short(name)} has left and still holds {counted(len(apps), 'app')}: {listed(labels)}.",
            (person,),
            tuple(apps),
            {
                "account": account,
                "status": status,
                "since": since.isoformat() if since else None,
                "apps": natives,
                "direct": direct,
            },
            (
                *(() if closed else plans().deactivate(account, name)),
                *(fix for app in direct[:5] for fix in plans().unassign(app, [account], name)[:1]),
            ),
        )


@detector("contractor-without-end", "Contractor without an end date", "low", "account", sources=(TRUTH,))
def contractors(context: Context) -> Iterable[Found]:
    """Contractors whose access never ends by itself."""
    found = rows(
        f"""
        SELECT p.id, p.name, {FIRST_ACCOUNT.format("p")}, p.worker_type FROM orgmodel_person p
        WHERE p.worker_type ~* 'contract|freelance|extern|agency|consult' AND p.end_date IS NULL
          AND p.status NOT IN ('ended', 'unknown') AND EXISTS (
            SELECT FROM orgmodel_account a WHERE a.person_id = p.id AND a.source = %(truth)s
              AND a.ended IS NULL)
        ORDER BY p.name""",
        {"truth": context.truth},
    )
    for person, name, first, worker_type in found:
        yield Found(
            (first,),
            f"{short(name)} is a contractor and has no end date: nothing ends their access by itself.",
            (person,),
            evidence={"person": first, "worker_type": worker_type[:80]},
            fix=console("HR record {}: enter the day the contract ends", first),
        )


def _gone(name: str, first_day_out: date | None, seen: date | None, *, vanished: bool) -> str:
    """Who left, and the last day worked, or when it was seen that they were gone."""
    if first_day_out:
        return f"{name}’s last day was {written(first_day_out - timedelta(days=1))}"
    if vanished:
        return f"{name} has not been in the HR records" + (f" since {written(seen)}" if seen else " lately")
    return f"{name} left on {written(seen)}" if seen else f"{name} has left"


def _parameters(context: Context) -> dict[str, object]:
    zone = context.conventions.notify.time_zone.key
    return {"today": context.today, "truth": context.truth, "zone": zone}
