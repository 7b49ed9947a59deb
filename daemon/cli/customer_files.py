"""What is held of one person, written to files."""

from collections.abc import Sequence
from pathlib import Path

from daemon.wording.carried import File


def write_files(files: Sequence[File], folder: Path) -> list[Path]:
    """Write the files into a folder made for them, which only its owner can enter. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True)
    written = [folder / file.name for file in files]
    for path, file in zip(written, files, strict=True):
        path.write_bytes(file.content)
    return written
