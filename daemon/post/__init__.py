"""The doors out: where mails go."""
