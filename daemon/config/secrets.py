"""The operator's mistakes in one line, and secrets that stand outside the file."""

from pathlib import Path

from pydantic import SecretStr


class ConfigError(Exception):
    """The operator's configuration is wrong; the message names the key and what to do."""


def read_secret(value: SecretStr | None, file: Path | None) -> str | None:
    """A secret given directly or by a file of its own (its last line break is not part of it)."""
    if value is not None:
        return value.get_secret_value()
    if file is None:
        return None
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigError(f"secret file {file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"secret file {file}: is not UTF-8 text") from None
