"""Country names with a letter or two wrong."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations

from analyzer.places.table import table

SHORTEST, LONG, ALIKE = 5, 8, 0.84  # letters of a name, letters from which two may be wrong, difflib's ratio


def respelled(word: str) -> str | None:
    """Code of the one country whose name in a main language is nearly ``word`` (a key), else null."""
    if len(word) < SHORTEST:
        return None
    near = {name for trace in _traces(word) for name in _index().get(trace, ()) if name[0] == word[0]}
    alike = {name for name in near if SequenceMatcher(None, name, word).ratio() >= ALIKE}
    codes = {code for name in alike for code in table().names.get(name).split()}
    return codes.pop() if len(codes) == 1 else None


@cache
def _index() -> dict[str, list[str]]:
    """Names by what is left of them when letters are dropped: two spellings that are near share such a rest."""
    index: dict[str, list[str]] = defaultdict(list)
    for name in table().main_names:
        if len(name) >= SHORTEST and name.isascii():
            for trace in _traces(name):
                index[trace].append(name)
    return index


def _traces(word: str) -> set[str]:
    traces = {word, *(word[:cut] + word[cut + 1 :] for cut in range(len(word)))}
    if len(word) >= LONG and len(word) <= 2 * LONG:
        traces |= {word[:one] + word[one + 1 : two] + word[two + 1 :] for one, two in combinations(range(len(word)), 2)}
    return traces
