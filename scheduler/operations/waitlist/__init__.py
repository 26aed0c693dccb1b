"""The waitlist: put on it, looked at, asked when a slot becomes free."""
