"""The doors in: where letters come from."""
