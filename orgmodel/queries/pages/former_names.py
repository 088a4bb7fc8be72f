"""What units were called before: names that have ended, and are not the present one."""

FORMER = """
    SELECT t.value #>> '{}' AS name, t.ended FROM orgmodel_attribute t
    WHERE t.unit_id = u.id AND t.name = 'name' AND t.ended IS NOT NULL AND t.value <> to_jsonb(u.name)
"""
"""SQL: of a unit u of orgmodel_orgunit the former names, and when each ended."""
