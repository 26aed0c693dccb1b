"""Interval: treatment series, spaced, held and kept in everybody's calendar."""
