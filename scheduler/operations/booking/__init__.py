"""Booking: a series from its first plan to its last session, and single visits."""
