"""Remembers. Typed rows, named constraints, named queries, and the one way to write."""
