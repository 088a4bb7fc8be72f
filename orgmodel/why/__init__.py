"""Why somebody has something: paths, causes and the sentences that say them. Pure."""
