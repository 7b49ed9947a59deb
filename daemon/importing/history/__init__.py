"""Orders of the past, taken over from a file: read, judged against the books, booked whole or not at all."""

from daemon.importing.history.booking import Imported, Options, import_history

__all__ = ["Imported", "Options", "import_history"]
