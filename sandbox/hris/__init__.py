"""The pretend HR system: its records, and the CSV feed it writes."""
