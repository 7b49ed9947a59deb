"""Letters that try to be misread."""
