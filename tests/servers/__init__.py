"""Servers that tests start: real ones on loopback, and small ones that misbehave by script."""
