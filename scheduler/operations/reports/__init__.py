"""Reports: what became of the work of a clinic in a period, counted by the database."""
