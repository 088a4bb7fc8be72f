"""The pretend Airtable: the units of the company as records of a base."""
