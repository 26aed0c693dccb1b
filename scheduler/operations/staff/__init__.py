"""Staff: users, their accounts and log-ins, tokens."""
