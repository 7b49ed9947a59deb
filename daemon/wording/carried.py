"""What a mail carries besides its words: pictures shown in it and files attached to it."""

from dataclasses import dataclass, field

from store.facts import JSON


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG shown in the HTML; `name` is a word of letters, unique in the mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; its name is plain ASCII and of our making."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """`told` is what the template reads besides the mail's facts; it sees each picture's source under `sources`."""

    told: JSON = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()


NOTHING = Carried()
