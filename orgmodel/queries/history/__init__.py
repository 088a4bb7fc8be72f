"""What changed, and when: by day, as a feed, between two moments, and what is still to come."""
