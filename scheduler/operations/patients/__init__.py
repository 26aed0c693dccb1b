"""Patients: added, found, corrected, merged; their personal links."""
