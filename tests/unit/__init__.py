"""Fast tests of one room at a time."""
