"""The keys of the form, with and without their colon."""

import pytest

from daemon.request.keys import ALONE, SYNONYMS, Key, read_key


@pytest.mark.parametrize("word", sorted(ALONE))
def test_what_needs_no_colon_is_the_same_key_with_one(word: str) -> None:
    alone = read_key(word.title())
    assert alone is not None
    assert read_key(f"{word}:") == alone
    assert alone[1] == ""


@pytest.mark.parametrize(("key", "word"), [(key, word) for key in Key for word in SYNONYMS[key].split("|")])
def test_each_synonym_is_its_key(key: Key, word: str) -> None:
    found = read_key(f"{word.capitalize()}: of mine")
    assert found is not None
    assert (found[0], found[1].strip()) == (key, "of mine")
