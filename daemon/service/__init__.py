"""The stations put together and run; the only room that knows all."""
