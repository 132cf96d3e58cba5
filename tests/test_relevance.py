"""The golden table: what people type, and the projects that they expect to see first.

It is written from the side of the searcher, who knows neither the official spelling nor the acronym. A
row that fails is a fault of the search, not of the row.
"""

import pytest

from search_app.request import SearchRequest
from tests.asking import asking
from tests.documents import CALLE, CAMINOS, LABOUR, MUNICIPAL, SEED, TECLAB, VISION_ZERO
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

IDS = {
    "municipal": MUNICIPAL,
    "teclab": TECLAB,
    "caminos": CAMINOS,
    "vision-zero": VISION_ZERO,
    "calle": CALLE,
}
NAMES = {project.id: name for name, project in IDS.items()}

# Query -> first hits; those in a set may come in any order.
GOLDEN = {
    # Words and their forms
    "inspectors": ["inspect-kenya"],
    "inspections": [{"inspect-guatemala", "inspect-vietnam", "mining-women"}],
    "children cocoa": ["cocoa-ghana", "cocoa-ivory"],
    "child labor cocoa": ["cocoa-ivory"],
    "woman mining": ["mining-women"],
    "people with disabilities": ["disability"],
    "oral history": ["archive"],
    "conciliation": ["calle"],
    "mines children": ["gold-philippines"],
    # Spelling
    "verite": ["municipal"],
    "cote d'ivoire": ["cocoa-ivory"],
    "bonded labor": ["brick-pakistan"],
    "elimination of child labor": ["ipec-first"],
    "world day against child labor": ["oneday"],
    "organizations of street vendors": ["street-vendors"],
    "union organizers": ["archive"],
    "satellites forced labor": ["seafood-ai"],
    "vietnam labor inspection": ["inspect-vietnam"],
    "sugar cane": [{"sugar-bolivia", "sugar-dominican"}],
    "follow ups": ["mining-women", "calle"],
    "followups": ["mining-women", "calle"],
    "follow-ups": ["mining-women", "calle"],
    "covid19": ["covid-osh", "vision-zero"],
    "COVID-19": ["covid-osh", "vision-zero"],
    # Acronyms
    "TECLAB": ["teclab"],
    "usmca": [{"usmca-auto", "caminos", "vision-zero"}],
    "United States-Mexico-Canada Agreement": [{"usmca-auto", "vision-zero"}, "caminos"],
    "OSH": ["coffee-colombia", {"covid-osh", "vision-zero"}],
    "occupational safety and health": [{"coffee-colombia", "vision-zero"}, "covid-osh"],
    "IPEC": ["ipec-first"],
    "GBV": ["apparel-lesotho"],
    "DRC": ["cobalt-congo"],
    # Other words for the same
    "trafficking in persons": ["traffick-persons", {"traffick-hotline", "fishing-indonesia"}],
    "human trafficking": ["traffick-hotline", {"traffick-persons", "fishing-indonesia"}],
    "apparel": ["apparel-honduras"],
    "garment workers": [{"garment-jordan", "apparel-honduras"}],
    "fishermen": [{"fishing-thailand", "fishing-indonesia"}],
    "household workers": [{"domestic-mexico", "domestic-philippines", "domestic-ethiopia"}],
    "ivory coast": ["cocoa-ivory"],
    "youth coffee": ["coffee-honduras"],
    "disabled persons": ["disability"],
    "wage arrears": ["unassigned"],
    "automotive mexico": [{"calle", "usmca-auto"}],
    "workplace safety": [{"coffee-colombia", "covid-osh", "vision-zero"}],
    "kids chocolate": [{"cocoa-ghana", "cocoa-ivory"}],
    "sweatshop": ["garment-bangladesh"],
    "shoes": [],
    "lawyers": [],
    "guest workers": [{"garment-jordan", "palm-malaysia"}],
    "farmworkers": [],
    "unpaid wages": ["unassigned"],
    "pay slip": [{"fishing-thailand", "tea-assam"}],
    "small-scale gold mining": ["gold-philippines"],
    "coronavirus": [{"covid-osh", "vision-zero"}],
    "value chains": [{"coffee-brazil", "supply-app", "calle", "vision-zero"}],
    "passport confiscation": ["domestic-philippines"],
    "native peoples": ["lithium-chile"],
    # Other languages
    "trabajo infantil": [
        {"cocoa-ivory", "sugar-bolivia", "mica-india", "childsurvey", "oneday", "ipec-first"}
    ],
    "travail des enfants": [
        {"cocoa-ivory", "sugar-bolivia", "mica-india", "childsurvey", "oneday", "ipec-first"}
    ],
    "trabalho infantil cacau": ["cocoa-ivory"],
    "trabajo infantil en el cacao": ["cocoa-ivory"],
    "trata de personas": ["traffick-persons", {"traffick-hotline", "fishing-indonesia"}],
    "travail forcé": ["forced-data"],
    "trabalho escravo": [],
    "sindicatos en Irak": ["unions-iraq"],
    "salud ocupacional": [{"coffee-colombia", "covid-osh", "vision-zero"}],
    "chaîne d'approvisionnement": [{"coffee-brazil", "supply-app", "calle", "vision-zero"}],
    # Questions and wishes
    "where do domestic workers in Mexico register?": ["domestic-mexico"],
    "how do I report wage theft": ["unassigned"],
    "what is being done about forced labor in fishing": ["fishing-indonesia"],
    "where are there apprenticeships for young people": [
        {"apprentice-kenya", "coffee-honduras"},
    ],
    "who trains labor inspectors in Vietnam": ["inspect-vietnam"],
    # Words that only look alike
    "organ": [],
    "universe": [],
    "minority": [],
    "minors": [],
    "community": [{"lithium-chile", "gold-burkina", "cocoa-ghana"}],
    "AIDS": ["hiv-work"],
    "legal aid": ["brick-pakistan"],
    "import": [],
    "silicosis": ["silica"],
    "pesticides": ["coffee-colombia"],
    "algorithms": ["platform"],
    "savings": [{"gold-burkina", "brick-pakistan"}],
    # Several words: where they stand together, and in the title
    "labor courts": ["teclab", "courts-colombia"],
    "labour courts": ["teclab", "courts-colombia"],
    "supply chain": [{"coffee-brazil", "supply-app", "calle", "vision-zero"}],
    "domestic workers": [{"domestic-mexico", "domestic-philippines", "domestic-ethiopia"}],
    "domestic workers mexico": ["domestic-mexico"],
    "decent work": [{"apprentice-costa", "fishing-thailand"}],
    "fair recruitment": [{"cotton-uzbek", "domestic-philippines"}],
    "recruitment fees": ["palm-malaysia"],
    "recruitment debt": ["domestic-philippines"],
    "debt bondage": ["brick-pakistan"],
    "brick kilns nepal": ["brick-nepal"],
    "living wage": ["tea-malawi"],
    "wage theft": ["unassigned"],
    "gold": [{"gold-philippines", "gold-burkina"}],
    "cotton uzbekistan": ["cotton-uzbek"],
    "forced labor fishing": ["fishing-indonesia"],
    "independent unions mexico": ["usmca-unions"],
    "workers rights automotive": ["usmca-auto"],
    "complaint hotline migrant": ["garment-jordan"],
    "safety committees factories": ["garment-bangladesh"],
    "apprenticeships kenya": ["apprentice-kenya"],
    "palm oil": [{"palm-malaysia", "palm-indonesia"}],
    "women's committees": [{"unions-iraq", "tea-assam"}],
    "collective bargaining": ["apparel-honduras"],
    "women unions": ["unions-iraq"],
    "migrant fishers": ["fishing-thailand"],
    "heat farms": ["heat-stress"],
    "labour inspection": [{"inspect-vietnam", "inspect-guatemala"}],
    "fishing boats peru": ["fishing-peru"],
    "evaluation": ["evaluation"],
    "Improving Working Conditions in the Mexican Automotive Supply Chain": ["calle"],
    # Syntax, for those who know it
    '"child labor"': [{"cocoa-ivory", "sugar-bolivia"}],
    "title:cotton": [{"cotton-mali", "cotton-uzbek"}],
    "grantee:northfield courts": ["courts-colombia"],
    "apprentic*": [{"apprentice-costa", "apprentice-kenya"}, "coffee-honduras"],
    "kilms~": [{"brick-nepal", "brick-pakistan"}],
    "cobalt OR mica": [{"cobalt-congo", "mica-india"}],
    # A word that no project has
    "cobalt zymurgy": ["cobalt-congo"],
}


def rows():
    return [pytest.param(query, first, id=query) for query, first in GOLDEN.items()]


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("golden"), [*SEED, *LABOUR.values()])


@pytest.fixture(scope="module")
def seed(backend, seed_index):
    return backend.engine(seed_index)


def hits(engine, query, **options):
    results = engine.search(asking(q=query, per_page=100, **options))
    return [NAMES.get(hit.project.id, hit.project.id) for hit in results.hits]


@pytest.mark.parametrize(("query", "first"), [*rows()])
def test_golden(engine, query, first):
    found = hits(engine, query)
    for expected in first:
        together = expected if isinstance(expected, set) else {expected}
        assert set(found[: len(together)]) == together
        found = found[len(together) :]


def test_the_table_is_long_enough_to_say_something():
    assert len(GOLDEN) >= 120


def test_the_table_names_known_projects():
    named = {
        name
        for first in GOLDEN.values()
        for one in first
        for name in (one if isinstance(one, set) else {one})
    }
    assert named - set(LABOUR) - set(IDS) == set()


SAME = {
    "spelling": ("labour", "labor"),
    "case": ("LABOR", "labor"),
    "accents": ("Verité", "verite"),
    "number": ("child", "children"),
    "acronym": ("ILO", "international labour organization"),
    "acronym of a compound": ("USMCA", "united states-mexico-canada agreement"),
    "synonym": ("trafficking in persons", "human trafficking"),
    "compound": ("follow-ups", "followups"),
}


@pytest.mark.parametrize(("query", "other"), SAME.values(), ids=SAME)
def test_two_ways_of_asking_find_the_same(engine, query, other):
    found = set(hits(engine, query))
    assert found == set(hits(engine, other))
    assert found


# Over the page that the product ships with: query -> all hits in any order.
SEED_HITS = {
    "labour courts": {"teclab", "calle"},
    "inspections": {"calle", "caminos"},
    "verite": {"municipal"},
    "children": {"municipal"},
    "TECLAB": {"teclab"},
    "ILO": {"vision-zero"},
    "international labour organization": {"vision-zero"},
    "usmca": {"caminos", "vision-zero"},
    "mexico": {"municipal", "teclab", "caminos", "vision-zero", "calle"},
    "mexico -courts": {"municipal", "caminos", "vision-zero"},
    "trafficking": set(),
}


@pytest.mark.parametrize(("query", "found"), SEED_HITS.items(), ids=SEED_HITS)
def test_the_shipped_page(seed, query, found):
    assert set(hits(seed, query)) == found


@pytest.mark.parametrize("query", ["labour", "labor", "Labour"])
def test_spellings_give_the_same_hits_in_the_same_order(seed, query):
    assert hits(seed, query) == hits(seed, "labor")


def test_without_variants_only_what_was_typed(engine):
    assert hits(engine, "garment", expand=False) == ["garment-bangladesh", "garment-jordan"]
    assert hits(engine, "garments", expand=False) == ["supply-app"]
    assert hits(engine, "ILO", expand=False) != hits(engine, "ILO")


def test_a_mistyped_word_is_noticed(seed):
    suggestion = seed.search(SearchRequest(q="inspecters")).suggestion
    assert (suggestion.q, suggestion.total) == ("inspectors", 2)
