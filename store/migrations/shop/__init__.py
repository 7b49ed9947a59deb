"""Revisions of the shop's tables."""
