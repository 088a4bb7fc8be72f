"""The controller: play scenes, set the clock, switch faults, on loopback only."""
