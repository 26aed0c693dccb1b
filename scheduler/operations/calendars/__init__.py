"""Calendars: feeds and their links, and busy times that come in."""
