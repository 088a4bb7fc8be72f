"""One account: whose it is and how that is known, and what an admin decides about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.queries.accounts import AccountPage, account_page
from orgmodel.queries.people import Ambiguous, NotFound, find_person
from orgmodel.sync import account_decisions
from orgmodel.sync.decisions import Decider, Refused
from portal.form_errors import FieldError
from portal.requests import admin, answer, self_of, viewer_of
from portal.templatetags.addresses import address
from portal.timetable import bring_forward

READ = "portal.jobs.read"
LONGEST_REASON = 500
NEXT = "The next sync applies it; until then everything is shown as before."


@admin
def account_detail(request: HttpRequest, pk: int, form: str = "") -> HttpResponseBase:
    """Whose the account is, by what evidence, whose it may be, and what was decided."""
    found = account_page(pk)
    return answer(request, "accounts/account.html", page_of(found, request), data=found.as_json, form=form)


@admin
@require_POST
def decide_account(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Link it to a person, keep it apart from the one who has it, or let the evidence decide again."""
    try:
        messages.success(request, decided(pk, request.POST, self_of(request)))
    except (Refused, NotFound) as error:
        context = page_of(account_page(pk), request) | refusal(error, request.POST)
        return render(request, "accounts/account.html", context, status=400)
    bring_forward(READ, timezone.now())
    return HttpResponseRedirect(reverse("account", args=[pk]))


def decided(pk: int, posted: QueryDict, person: int) -> str:
    """Take the decision; what to say of it. Raises Refused and NotFound."""
    do = posted.get("do", "")
    by = Decider(person, timezone.now(), posted.get("reason", "")[:LONGEST_REASON])
    if do == "link":
        named = posted.get("named", "").strip() or posted.get("candidate", "")
        if not named:
            raise Refused("Choose a person, or enter a name or e-mail address.", "named")
        account_decisions.link(pk, find_person(named), by, with_others=bool(posted.get("others")))
        return f"Linked. {NEXT}"
    if do == "unlink":
        account_decisions.unlink(pk, by)
        return f"Kept apart. {NEXT}"
    if do == "undo":
        account_decisions.undo(pk, by)
        return f"Undone: the evidence decides again. {NEXT}"
    raise Refused("Choose what to do with the account.")


def refusal(error: Refused | NotFound, posted: QueryDict) -> dict[str, Any]:
    """Why nothing was changed, at its field; what was typed; and whom an ambiguous name may mean."""
    several = error if isinstance(error, Ambiguous) else None
    about = error.about if isinstance(error, Refused) else "named"
    sentence = f"{several.sentence} Choose one below." if several else str(error)
    return {
        "typed": posted,
        "errors": [FieldError(about, sentence)],
        "candidates": several.candidates if several else (),
        "sent": [(name, posted[name]) for name in ("reason", "others") if posted.get(name)]
        + [("do", "link")],
    }


def page_of(found: AccountPage, request: HttpRequest) -> dict[str, Any]:
    """Everything the page of an account shows."""
    crumbs = [{"label": "People", "url": reverse("people")}]
    if found.person:
        crumbs.append({"label": found.person.name, "url": address(found.person)})
    return {
        "found": found,
        "account": found.account,
        "title": f"{found.account.kind} {found.account.called}",
        "may": viewer_of(request).admin,
        "crumbs": crumbs,
    }
