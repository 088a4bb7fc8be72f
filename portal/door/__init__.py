"""The door: who comes in, how long they stay, and how often they may knock."""
