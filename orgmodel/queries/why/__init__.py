"""Why somebody has something, does not have it, or lost it; whom to ask; and the proof for an auditor."""
