"""A pretend Slack workspace on loopback: the Web API methods Sightline calls, and the DMs as pages."""
