"""The product that something written is nearest to: suggested, never taken."""

from collections.abc import Sequence

from store.facts import product_key

ALIKE = 75.0
"""Of 100: an id of twelve characters with up to three wrong, a name with a letter or two."""


def nearest_key(written: str, names: Sequence[tuple[str, str, str]]) -> str | None:
    """The key of the likest of (key, product_id, name): by id first, else by name; None when nothing is alike."""
    from rapidfuzz import fuzz, process  # half the letters need it never

    by_id = process.extractOne(
        product_key(written), [key for key, _, _ in names], scorer=fuzz.ratio, score_cutoff=ALIKE
    )
    if by_id is not None:
        return names[by_id[2]][0]
    by_name = process.extractOne(
        written.casefold(),
        [name.casefold() for _, _, name in names],
        scorer=fuzz.token_set_ratio,
        score_cutoff=ALIKE,
    )
    return names[by_name[2]][0] if by_name is not None and len(written) > 3 else None
