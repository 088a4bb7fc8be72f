"""Who asks, and what is hidden from them. Decided here, where data is fetched, never in a template."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from orgmodel.conventions import Visibility
from orgmodel.rules.confidential import Secrets, secrets_of
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.sources.roles import IS_DIRECTORY

from .rights import MAKING
from .rows import json_value
from .together import Lasting, ask, rows

VEIL = "Confidential groups and apps may be left out here."
"""Beside every answer to whoever may not know of all of them, whether or not that makes a difference."""


class Confidential(NamedTuple):
    """A group or app that not everybody may know, by all names it has or had."""

    pk: int
    native_id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. The command line asks as an admin."""

    person: int | None
    admin: bool = False
    auditor: bool = False
    hidden: frozenset[int] = frozenset()
    """Resources that exist for this viewer only where they hold them themselves."""
    key: str = ""
    name: str = ""
    held: frozenset[int] = frozenset()
    """What of the hidden the viewer holds, or once held."""
    called: tuple[Confidential, ...] = ()
    """How the hidden is called."""
    veil: bool = False
    """Something is to be kept from this viewer, whether or not it is there."""
    spoken: Spoken = field(default=AS_WRITTEN, compare=False)
    """How attributes and their values are called in sentences for this viewer."""

    @property
    def veiled(self) -> bool:
        """Answers to this viewer carry the note that they leave something out."""
        return self.veil or bool(self.hidden)

    def veiled_about(self, person: int | None) -> bool:
        """An answer about this person may leave something out; of their own access everybody is told all."""
        return self.veiled and (self.person is None or person != self.person)

    def about(self, person: int | None) -> "Viewer":
        """The viewer of an answer about one person: nobody is kept from what they hold, or held."""
        if not self.held or person is None or person != self.person:
            return self
        return replace(self, hidden=self.hidden - self.held)

    def hidden_about(self, person: int | None) -> frozenset[int]:
        """What is hidden in an answer about one person."""
        return self.about(person).hidden

    @cached_property
    def secrets(self) -> Secrets:
        """What must stand in no text for this viewer."""
        return secrets_of((each.native_id, each.names) for each in self.called if each.pk in self.hidden)


OPERATOR = Viewer(person=None, admin=True)
"""Whoever runs the commands on the server."""


def viewer_for(person: int, visibility: Visibility) -> Viewer:
    """The person as a viewer: an admin or auditor by membership of the configured groups; one query."""
    return viewer_where("p.id = %(person)s", {"person": person}, visibility) or Viewer(person)


def viewer_by_email(email: str, visibility: Visibility) -> Viewer | None:
    """The one person with this address as a viewer; None when nobody or several have it, or who has left."""
    return viewer_where(f"lower(p.email) = lower(%(email)s) AND {PRESENT}", {"email": email}, visibility)


def viewer_signed_in(person: int, account: int | None, visibility: Visibility) -> Viewer | None:
    """The person of a session, known by this account if by one; None once either of them is out."""
    where = f"p.id = %(person)s AND {PRESENT} AND (%(account)s::bigint IS NULL OR {_STILL_THEIRS})"
    return viewer_where(where, {"person": person, "account": account}, visibility)


def viewer_where(where: str, parameters: dict[str, Any], visibility: Visibility) -> Viewer | None:
    """The only person that the condition (ours, over the alias p) finds, with their rights."""
    veil = bool(visibility.confidential_groups or visibility.confidential_apps)
    # Every page asks this, and the planning of what nobody configured would be most of its cost.
    admin, auditor = (
        _MEMBER.format(name) if group else "false"
        for name, group in (("admins", visibility.admins_group), ("auditors", visibility.auditors_group))
    )
    confidential, held = (_CONFIDENTIAL, _HELD) if veil else ("NULL", "NULL")
    sql = Lasting(f"""
        SELECT p.id, p.key, p.name, {admin}, {auditor}, ({confidential}), ({held})
        FROM orgmodel_person p WHERE {where} LIMIT 2""")
    values = {
        **parameters,
        "admins": visibility.admins_group,
        "auditors": visibility.auditors_group,
        "groups": list(visibility.confidential_groups),
        "apps": list(visibility.confidential_apps),
    }
    found = ask(rows(sql, values))
    if len(found) != 1:
        return None
    person, key, name, is_admin, is_auditor, confidential, held = found[0]
    if is_admin or is_auditor:
        return Viewer(person, is_admin, True, key=key, name=name)
    known = json_value(confidential) or ()
    called = tuple(Confidential(pk, native, tuple(names)) for pk, native, names in known)
    hidden = frozenset(each.pk for each in called)
    held_too = hidden.intersection(held or ())
    return Viewer(person, is_admin, is_auditor, hidden, key, name, held_too, called, veil)


USABLE_ACCOUNT = """(
    a.ended IS NULL AND a.state NOT IN ('ended', 'suspended', 'pending'))"""
"""Okta lets in nobody with such an account; over the alias a."""
PRESENT = f"""(
    p.ended IS NULL AND p.status NOT IN ('ended', 'suspended') AND (
        NOT EXISTS (SELECT FROM orgmodel_account a WHERE a.person_id = p.id AND a.source {IS_DIRECTORY})
        OR EXISTS (
            SELECT FROM orgmodel_account a
            WHERE a.person_id = p.id AND a.source {IS_DIRECTORY} AND {USABLE_ACCOUNT})))"""
"""Who may look: whoever is here, whatever HR says of somebody whom Okta has shut out; over the alias p."""
_STILL_THEIRS = f"""EXISTS (
    SELECT FROM orgmodel_account a WHERE a.id = %(account)s AND a.person_id = p.id AND {USABLE_ACCOUNT})"""
_MEMBER = f"""(EXISTS (
    SELECT FROM orgmodel_grant g
    JOIN orgmodel_account a ON a.id = g.account_id AND {USABLE_ACCOUNT}
    JOIN orgmodel_entitlement e ON e.id = g.entitlement_id AND e.resource_id = {MAKING}
    WHERE a.person_id = p.id AND g.ended IS NULL))"""
# By name also what was called so before: to rename a group in Okta must not publish it.
_CONFIDENTIAL = """
    SELECT jsonb_agg(jsonb_build_array(r.id, r.native_id, (
        SELECT jsonb_build_array(r.name) || coalesce(jsonb_agg(DISTINCT z.before -> 'name'), '[]')
        FROM orgmodel_change z WHERE z.kind = 'resource' AND z.fact = r.id AND z.verb = 'changed')))
    FROM orgmodel_resource r WHERE r.id IN (
        SELECT c.id FROM orgmodel_resource c
        WHERE (c.kind = 'group' AND (c.native_id = ANY(%(groups)s) OR c.name = ANY(%(groups)s)))
           OR (c.kind = 'app' AND (c.native_id = ANY(%(apps)s) OR c.name = ANY(%(apps)s)))
        UNION
        SELECT z.fact FROM orgmodel_change z JOIN orgmodel_resource c ON c.id = z.fact
        WHERE z.kind = 'resource' AND z.verb = 'changed'
          AND z.before ->> 'name' = ANY(%(groups)s::text[] || %(apps)s::text[])
          AND ((c.kind = 'group' AND z.before ->> 'name' = ANY(%(groups)s))
            OR (c.kind = 'app' AND z.before ->> 'name' = ANY(%(apps)s))))"""
# All that the person's grants ever led to, along edges that held at the same time.
_HELD = """
    WITH RECURSIVE way (id, began, ended) AS (
        SELECT g.entitlement_id, g.began, coalesce(g.ended, 'infinity') FROM orgmodel_grant g
        JOIN orgmodel_account a ON a.id = g.account_id
        WHERE a.person_id = p.id
        UNION
        SELECT e.target_id, greatest(w.began, e.began), least(w.ended, coalesce(e.ended, 'infinity'))
        FROM way w JOIN orgmodel_edge e ON e.source_id = w.id
         AND e.began < w.ended AND (e.ended IS NULL OR e.ended > w.began)
    )
    SELECT array_agg(DISTINCT t.resource_id) FROM way JOIN orgmodel_entitlement t ON t.id = way.id"""
