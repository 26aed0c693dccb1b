"""Holds and clearances: placed, decided, ended, listed."""
