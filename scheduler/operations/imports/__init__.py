"""Imports: patients and series from another system."""
