"""One word in different writings: together, apart, with a mark, with other letters, in other scripts."""

import pytest

from indexer.document import Project
from search_app.request import SearchRequest
from tests.opensearch.backends import OVER_BOTH, differs

pytestmark = OVER_BOTH
PHRASES = differs("scores of phrases: words written apart are one")

TEXTS = {
    "one": "Response to COVID19 in ports",
    "mark": "Response to COVID-19 in ports",
    "apart": "Response to COVID 19 in ports",
    "bare": "Response to covid in ports",
    "century apart": "The nineteenth century",
    "century with a mark": "The nineteenth-century",
    "together": "Several followups of cases",
    "hyphen": "Several follow-ups of cases",
    "blank": "Several follow ups of cases",
    "civil-rights": "A civil-rights march",
    "first": "Songs of World War I",
    "second": "Songs of World War II",
    "okina": "Chants of Hawaiʻi",
    "Hawaii": "Chants of Hawaii",
    "MA": "A degree, M.A. or none",
    "degree": "A degree of some kind",
    "civil rights": "A march for civil rights",
    "sdg": "Towards SDG8 and SDG-16",
    "year": "Awards of FY2021",
    "mueller": "Letters of Mueller",
    "muller": "Letters of Müller",
    "lodz": "Mills of Łódź",
    "danang": "Harbour of Đà Nẵng",
    "oeuvre": "The œuvre of a weaver",
    "enfant": "Droits de l’enfant",
    "att": "Operators of AT&T",
    "cpp": "Programs in C++",
    "cpp11": "Programs in C++11",
    "visual cpp": "Visual-C++ at desks",
    "visual c": "Visual-C at desks",
    "c": "Programs of John C. Calhoun",
    "phd": "A Ph.D. on mines",
    "PhD": "A PhD on mines",
    "han": "消除童工现象",
    "thai": "แรงงานเด็กในไทย",
    "korean": "아동노동 근절",
    "arabic": "عمل الأطفال",
    "abbreviated": 'הסכם בין צה״ל לבין ארה"ב',
    "digits": "سنة ٢٠٢١",
    "DuBois": "Essays by DuBois",
    "Du Bois": "Essays by Du Bois",
    "La Salle": "Colleges of La Salle",
    "McCarthy": "Hearings of McCarthy",
    "mina": "Trabajo de la mina",
    "minas": "Una mina de oro, otra mina de plata",
    "otra mina": "En otra mina",
    "lamina": "Hojas de lamina",
    "initials with dots": "Poems of T.S. Eliot, found on the web",
    "initials apart": "Poems of T. S. Eliot",
    "initials together": "Poems of TS Eliot",
    "other initials": "Poems of T. Eliot by S. Eliot",
    "three initials": "Letters of W. E. B. Eliot",
}
COVID, FOLLOW, PHD = {"one", "mark", "apart"}, {"together", "hyphen", "blank"}, {"phd", "PhD"}
CPP = {"cpp", "cpp11", "visual cpp"}
HAWAII, DEGREE = {"okina", "Hawaii"}, {"MA", "degree"}
INITIALS = {"initials with dots", "initials apart", "initials together"}
BOIS, MINA = {"DuBois", "Du Bois"}, {"mina", "minas", "otra mina"}


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    projects = [Project(name, text, f"Project {name}x.") for name, text in TEXTS.items()]
    return backend.engine_of(tmp_path_factory.mktemp("writings"), projects)


def found(engine, q, **asked):
    return [hit.project.id for hit in engine.search(SearchRequest(q=q, per_page=50, **asked)).hits]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("COVID19", COVID),
        ("covid", COVID | {"bare"}),
        ("followups", FOLLOW), ("follow-ups", FOLLOW), ("follow ups", FOLLOW), ("follow-up", FOLLOW - {"blank"}),
        ("Hawaiʻi", HAWAII), ("Hawai‘i", HAWAII), ("hawai'i", HAWAII), ("Hawai`i", HAWAII), ("hawaii", HAWAII),
        ("World War I", {"first"}), ("songs of world war i", {"first"}), ("SONGS OF WORLD WAR I", {"first"}), ("World War II songs", {"second"}),
        ("What songs do I find of World war", {"first", "second"}),
        ("M.A. degree", {"MA"}), ("MA degree", {"MA"}), ("ma degree", DEGREE), ("MA DEGREE", DEGREE),
        ("civilrights", {"civil-rights", "civil rights"}),
        ("SDG8", {"sdg"}), ("SDG 8", {"sdg"}), ("SDG-8", {"sdg"}), ("sdg16", {"sdg"}),
        ("FY2021", {"year"}), ("fy 2021", {"year"}), ("2021", {"year", "digits"}), ("٢٠٢١", {"year", "digits"}),
        ("Müller", {"mueller", "muller"}), ("Mueller", {"mueller", "muller"}), ("muller", {"muller"}),
        ("lodz", {"lodz"}), ("Łódź", {"lodz"}), ("da nang", {"danang"}), ("oeuvre", {"oeuvre"}),
        ("enfant", {"enfant"}), ("d'enfant", {"enfant"}), ("l’enfant", {"enfant"}),
        ("AT&T", {"att"}), ("C++", CPP), ("C++11", {"cpp11"}), ("Visual-C++", {"visual cpp"}), ("Visual-C", {"visual cpp", "visual c"}), ("C", CPP | {"c", "visual c"}), ("C#", set()), ("Ph.D.", PHD), ("PhD", PHD), ("phd", PHD),
        ("dubois", BOIS), ("Du Bois", BOIS), ("essays du bois", BOIS), ("lasalle", {"La Salle"}),
        ("McCarthy", {"McCarthy"}), ("mc carthy", {"McCarthy"}),
        ("T.S. Eliot", INITIALS), ("TS Eliot", INITIALS), ("ts eliot", INITIALS), ("eliot TS", INITIALS),
        ("T. S. Eliot", INITIALS | {"other initials"}), ("T S Eliot poems", INITIALS | {"other initials"}),
        ("t s eliot", INITIALS | {"other initials"}), ("poems t. s. eliot", INITIALS | {"other initials"}),
        ("w e b eliot", {"three initials", "initials with dots"}),
        # Stop words where no project has them before the name: i and s are not looked for.
        ("i s eliot", INITIALS | {"other initials", "three initials"}),
        ("W.E.B. Eliot", {"three initials", "initials with dots"}),
        ("web", {"initials with dots"}), ("web eliot", {"initials with dots"}), ("T.E.", set()), ("II", {"second"}),
        ("la mina", MINA), ("lamina", {"lamina"}),
        ("童工", {"han"}), ("童", {"han"}), ("童工现象", {"han"}), ("工童", set()),
        ("เด็ก", {"thai"}), ("แรงงานเด็ก", {"thai"}), ("노동", {"korean"}), ("الاطفال", {"arabic"}),
        ('צה"ל ארה"ב', {"abbreviated"}), ("ארה״ב צה”ל", {"abbreviated"}), ('"צה"ל לבין ארה"ב"', {"abbreviated"}),
    ],
)  # fmt: skip
def test_writings_of_one_word_find_one_another(engine, q, expected):
    assert set(found(engine, q)) == expected


@pytest.mark.parametrize(("q", "others"), [("PhD", {"ph.d."}), ("Ph.D.", set()), ("TS Eliot", set())])
def test_initials_are_told_with_their_last_dot(engine, q, others):
    told = {text for term in engine.search(SearchRequest(q=q)).terms for text in term.variants}
    assert {text for text in told if "." in text} == others


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("COVID19", "one"), ("COVID-19", "mark"), pytest.param("followups", "together", marks=PHRASES), ("follow-ups", "hyphen"),
        ("nineteenth-century", "century with a mark"),
        ("Müller", "muller"), ("Mueller", "mueller"), pytest.param("PhD", "PhD", marks=PHRASES),
    ],
)  # fmt: skip
def test_the_writing_typed_comes_first_and_is_the_only_one_as_written(engine, q, first):
    results = engine.search(SearchRequest(q=q))
    assert results.hits[0].project.id == first
    degrees = [hit.matched.terms[0].degree for hit in results.hits]
    assert degrees[0] == 1
    assert min(degrees[1:]) == 2
    assert found(engine, q, expand=False) == [first]
    assert found(engine, f'"{q}"') == [first]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("“C++”", CPP), ("“programs in C++”", {"cpp", "cpp11"}), ("“programs in C#”", set()), ("“C++11”", {"cpp11"}),
        ("“Visual-C++”", {"visual cpp"}), ("“Visual-C”", {"visual c"}), ("“Visual-C++ at”", {"visual cpp"}),
    ],
)  # fmt: skip
def test_quoted_letters_with_marks_are_not_looked_for_without_them(engine, q, expected):
    assert set(found(engine, q)) == expected


def test_the_names_of_one_disease_find_one_another(engine):
    for q in ("COVID 19", "COVID-19", "covid‑19"):
        assert COVID <= set(found(engine, q)) <= COVID | {"bare"}


def test_the_forms_named_are_as_they_stand(engine):
    [term] = engine.search(SearchRequest(q="covid19")).terms
    assert set(term.variants) == {"covid-19", "covid 19"}
    [term] = engine.search(SearchRequest(q="covid")).terms
    assert set(term.variants) == {"covid19"}
    [term] = engine.search(SearchRequest(q="mueller")).terms
    assert set(term.variants) == {"müller"}


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("covid", "COVID19"), ("lodz", "Łódź"), ("oeuvre", "œuvre"), ("童工", "童工"), ("mueller", "Müller"),
        ("AT&T", "AT&T"), ("C++", "C++"), ("phd", "Ph.D"),
    ],
)  # fmt: skip
def test_highlights_are_of_the_original_text(engine, q, marked):
    texts = [
        hit.title.text[start:end]
        for hit in engine.search(SearchRequest(q=q)).hits
        for start, end in hit.title.highlights
    ]
    assert marked in texts


def test_a_phrase_that_is_written_otherwise_is_relaxed_to_it(engine):
    results = engine.search(SearchRequest(q='"covid19 in ports"', per_page=50))
    assert {hit.project.id for hit in results.hits} == {"one"}
    for q, hits in {
        '"to FY 2021"': set(),
        '"of FY-2021"': {"year"},
    }.items():
        results = engine.search(SearchRequest(q=q, per_page=50))
        assert ({hit.project.id for hit in results.hits}, results.relaxed_to) == (
            hits,
            "forms" if hits else None,
        )
