"""What happens on a machine that has never seen Sightline."""
