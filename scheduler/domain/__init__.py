"""Decides. Values in, values out: no clock, no input or output, nothing but the standard library."""
