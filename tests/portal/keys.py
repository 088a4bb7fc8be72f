"""Keys of the people of this Nordwind: what `printf 'okta nadia' | sha256sum` begins with."""

NADIA = "23ce7b271d7c0323"
LENA = "8e35c3f4385740d5"
TOMAS = "63c5d5c69123a232"
QUINN = "32e7dd356b4ca34c"
MALLORY = "d7ce50d33863615d"
"""Of the hostile account."""
