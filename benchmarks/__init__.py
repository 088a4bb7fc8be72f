"""Measurements that compare what Sightline does with the least that must be done; `make bench`."""
