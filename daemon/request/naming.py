"""Which of an item line's words name the product, and every id they could spell."""

from collections.abc import Iterator, Sequence

from daemon.request.spelling import words
from daemon.request.tokens import Kind, Token, compact, is_fragment, is_strong
from store.facts import product_key

SPOKEN = words(
    "i i'm i've my we we're we've our you your he she they it it's its is are was were am be been have has had got "
    "get received bought ordered like want need love hate this that these those the a an and or but so because with "
    "for from on at to do does did will would can could should there here when where what which who how why if"
)
"""Words of sentences; beside an id they mean that a sentence is about the product, not that it is ordered."""


def looks_like_id(token: Token) -> bool:
    return is_strong(token.text) or (token.kind is Kind.NUMBER and len(token.text) >= 5)


def joined_is_strong(runs: Sequence[Sequence[Token]]) -> bool:
    """ "BJ02 R0G7 2U8V": no piece is an id, together they are one."""
    for run in runs:
        pieces = [token for token in run if is_fragment(token.text)]
        if len(pieces) > 1 and sum(any(map(str.isdigit, piece.text)) for piece in pieces) > 1:
            joined = "".join(compact(piece.text) for piece in pieces)
            if len(joined) >= 8 and is_strong(joined):
                return True
    return False


def runs_of(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Words that stand together; commas and brackets part them, a dash does not."""
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is Kind.MARK and token.text != "-":
            runs.append([])
        elif token.kind not in (Kind.MARK, Kind.TIMES, Kind.LABEL):
            runs[-1].append(token)
    return tuple(tuple(run) for run in runs if run)


LONGEST_ID_IN_WORDS = 6
MOST_KEYS = 24


def keys_in(runs: Sequence[Sequence[Token]]) -> tuple[str, ...]:
    """Every product key the words could spell, likeliest first.

    Beside something that looks like an id the other words are its name: "LANTERN" may well be another product's id.
    """
    words = [token for run in runs for token in run]
    pieces = [token for token in words if is_piece(token)]
    certain = [token for token in pieces if looks_like_id(token)]
    keys = dict.fromkeys(joined(run) for run in runs if can_be_one_id(run, bool(pieces)))
    keys |= dict.fromkeys(product_key(token.text) for token in certain or pieces)
    for run in runs:
        for start, end in stretches(run):
            keys[joined(run[start:end])] = None
    return tuple([key for key in keys if key][:MOST_KEYS])


def can_be_one_id(run: Sequence[Token], has_pieces: bool) -> bool:
    """Words without a figure in them are an id only all together, and only when nothing better stands there."""
    if len(run) > LONGEST_ID_IN_WORDS:
        return False
    return all(map(is_piece, run)) or not has_pieces


def is_piece(token: Token) -> bool:
    return is_fragment(token.text) or looks_like_id(token)


def stretches(run: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces that together can be an id typed with blanks inside, the longest first."""
    for size in range(min(len(run), LONGEST_ID_IN_WORDS), 1, -1):
        for start in range(len(run) - size + 1):
            if all(map(is_piece, run[start : start + size])):
                yield start, start + size


def joined(tokens: Sequence[Token]) -> str:
    return product_key("".join(token.text for token in tokens))


def id_as_written(runs: Sequence[Sequence[Token]]) -> str:
    words = [token.text for run in runs for token in run]
    strong = [token.text for run in runs for token in run if looks_like_id(token)]
    return (strong[0] if strong else " ".join(words))[:80]
