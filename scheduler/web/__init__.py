"""Translates: a request is parsed, one operation is run, its value is rendered."""
