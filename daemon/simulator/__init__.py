"""A shop on loopback: servers that people and tests both use."""
