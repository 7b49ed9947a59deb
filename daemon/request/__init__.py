"""Letters to requests: a small explicit grammar that asks back when in doubt."""
