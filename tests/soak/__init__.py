"""Thousands of changes in the pretend Okta while it is read all the time; see docs/soak.md."""
