"""What all tests have in common."""

from hypothesis import settings

# No example is late: how long one takes says something of the machine, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
