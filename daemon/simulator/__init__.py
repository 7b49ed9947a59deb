"""A shop on loopback: servers, customers and faults, for people and tests alike."""
