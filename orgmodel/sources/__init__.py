"""Readers, one folder per source: they turn a source's answers into facts and never touch the database."""
