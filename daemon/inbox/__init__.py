"""Doors through which letters come in."""
