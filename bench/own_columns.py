"""Six columns more for a corpus: places, themes, programmes, funders, money, a number; from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from indexer.document import Project

SEED = 20_260_102
COUNTRIES = """
Argentina; Bangladesh; Bolivia; Brazil; Cambodia; Colombia; Ecuador; Egypt; El Salvador; Ethiopia; Ghana;
Guatemala; Haiti; Honduras; India; Indonesia; Kenya; Lebanon; Malawi; Mali; Mexico; Morocco; Nepal; Nigeria;
Pakistan; Panama; Paraguay; Peru; Philippines; Rwanda; Senegal; Tanzania; Thailand; Tunisia; Uganda; Ukraine;
Uzbekistan; Vietnam; Zambia
""".replace("\n", " ").split(";")
THEMES, PROGRAMMES, FUNDERS = 25, 60, 400
# How often a project says nothing in a column, and how often it is in two countries.
EMPTY, TWO = 0.1, 0.2


def with_columns(projects: Iterable[Project], seed: int = SEED) -> Iterator[Project]:
    """Yield projects with columns; the same projects and seed give the same columns."""
    rng = random.Random(seed)
    names = {
        "Theme": [f"Theme {number}" for number in range(THEMES)],
        "Programme": [f"Programme {number}" for number in range(PROGRAMMES)],
        "Funder": [f"Fund number {number} for the world" for number in range(FUNDERS)],
        "Country": [name.strip() for name in COUNTRIES],
    }
    # The first of each is the most common, the second half as common, and so on.
    chances = {
        name: [*accumulate(1 / place for place in range(1, len(own) + 1))] for name, own in names.items()
    }
    for project in projects:
        drawn = {name: rng.choices(own, cum_weights=chances[name], k=2) for name, own in names.items()}
        columns = {name: own[0] for name, own in drawn.items() if rng.random() >= EMPTY}
        if "Country" in columns and rng.random() < TWO:
            columns["Country"] = "; ".join(dict.fromkeys(drawn["Country"]))
        columns["Award Amount"] = f"${round(10 ** rng.uniform(4, 7)):,}"
        columns["Participants"] = str(rng.randint(10, 5_000))
        yield replace(project, extra=tuple(columns.items()))
