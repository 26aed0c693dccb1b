"""iCalendar out and in: feeds that phones subscribe to, and other people's calendars read as busy times.

Values in, bytes or values out: no database, no clock, no network.
"""
