"""The servers of the doors' tests, for the whole path."""

from tests.integration.doors.conftest import dovecot, place

__all__ = ["dovecot", "place"]
