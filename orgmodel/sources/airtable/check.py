"""For the doctor: may the token read the base, and does the table have what units need?"""

from collections.abc import Iterator
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.source import Line

from .client import AirtableClient
from .columns import DEFAULTS, table_of
from .settings import AirtableSettings


def check(settings: AirtableSettings, **client: Any) -> Iterator[Line]:
    """Ask for the schema and for one page of records. Never raises for what Airtable answers.

    Further arguments go to the AirtableClient.
    """
    airtable = AirtableClient(settings, **{"tries": 2, "patience": 1, **client})
    try:
        table = table_of(airtable.tables(), settings.table, "AIRTABLE_TABLE")
        yield Line(True, "Airtable's tables can be read")
        columns = [column.id for column in table.columns[:1]]
        airtable.page(table, columns)
        yield Line(True, f"Airtable's records of {table.name} can be read")
        absent = [usual for usual in DEFAULTS.values() if table.column(usual) is None]
        if absent:
            yield Line(
                None,
                f"Airtable's table {table.name} has no column {', '.join(absent)}",
                "Where columns with other names hold this, name them in [units] fields of sightline.toml.",
            )
    except SourceFailed as why:
        yield Line(False, "Airtable cannot be read", str(why))
    finally:
        airtable.close()
