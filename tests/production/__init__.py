"""Sightline as the documents set it up: real processes, settings of a real tenant, nothing of the demo."""
