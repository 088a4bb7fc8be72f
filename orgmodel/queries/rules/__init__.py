"""Group rules and the attributes they read: what they say, whom they match, and what is odd about them."""
