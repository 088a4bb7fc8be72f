"""Who should hear of a change, and did they: plan, outbox, deliver, messages and the Slack client."""
