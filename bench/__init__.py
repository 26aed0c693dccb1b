"""Measurements: every figure is a ratio to a raw baseline that is measured in the same run."""
