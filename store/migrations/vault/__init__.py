"""Revisions of the vault's tables."""
