"""The mailorder command."""

from daemon.cli.app import main

__all__ = ["main"]
