"""Doors through which mail goes out."""
