"""Tasks: what waits for somebody."""
