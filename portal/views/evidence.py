"""A bundle of evidence about one person, for whoever has to answer an auditor."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from orgmodel.management.bundle import write_bundle
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.why.evidence import evidence
from portal.door.tally import EVIDENCE, limited
from portal.requests import admin, moment, viewer_of


@limited(EVIDENCE)
@admin
def bundle(request: HttpRequest, key: str) -> HttpResponseBase:
    """The zip that `manage.py evidence` writes, narrowed to one app or group by ?of=."""
    at, viewer, of = moment(request), viewer_of(request), request.GET.get("of", "").strip()
    target = find_target(of, viewer, at) if of else None
    found = evidence(find_person(key), target, at, viewer)
    name = slugify(f"evidence {found.person.name} {target.name if target else ''} {at.at:%Y-%m-%d}")
    with TemporaryDirectory() as folder:
        path = Path(folder, "evidence.zip")
        write_bundle(found, path)
        body = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return HttpResponse(body, content_type="application/zip", headers=headers)
