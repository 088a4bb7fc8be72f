"""What people have and by which ways: one person, one app or group, one unit, the reader."""
