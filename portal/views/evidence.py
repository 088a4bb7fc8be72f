"""A bundle of evidence about one person, for whoever has to answer an auditor."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from orgmodel.management.bundle import write_bundle
from orgmodel.queries.why.evidence import Evidence
from portal.door.counters import EVIDENCE, limited
from portal.old_addresses import person_at_home
from portal.requests import admin, ask


@limited(EVIDENCE)
@admin
@person_at_home
def bundle(request: HttpRequest, key: str) -> HttpResponseBase:
    """The zip that `manage.py evidence` writes, narrowed to one app or group by ?of=."""
    found: Evidence = ask(request, "evidence", person=key, target=request.GET.get("of", "").strip())
    of = found.target.name if found.target else ""
    name = slugify(f"evidence {found.person.name} {of} {found.moment.at:%Y-%m-%d}")
    with TemporaryDirectory() as folder:
        path = Path(folder, "evidence.zip")
        write_bundle(found, path)
        body = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return HttpResponse(body, content_type="application/zip", headers=headers)
