"""A Django database engine for a PostgreSQL that somebody else runs, named in DATABASE_URL."""
