"""Acronyms are learned where a text spells them out, and only there."""

import pytest

from indexer.text.acronyms import MAX_LETTERS, mine, spelled
from tests.documents import CALLE, CAMINOS, LABOUR, SEED, TECLAB, VISION_ZERO


def texts(project):
    return (project.title, project.description, project.grantee)


SPELLED_OUT = {
    "after": ("the International Labor Organization (ILO)", ["ILO\tinternational labor organization"]),
    "before": ("ILO (International Labour Organisation)", ["ILO\tinternational labour organisation"]),
    "before, with an aside": (
        "ILO (International Labour Office, Geneva)",
        ["ILO\tinternational labour office"],
    ),
    "small words": ("occupational safety and health (OSH)", ["OSH\toccupational safety and health"]),
    "hyphens": (
        "the United States-Mexico-Canada Agreement (USMCA)",
        ["USMCA\tunited states mexico canada agreement"],
    ),
    "several letters of a word": (
        "Towards Effective Courts and Coordinated Labor Justice (TECLAB)",
        ["TECLAB\ttowards effective courts and coordinated labor justice"],
    ),
    "last word left out": (
        "International Programme on the Elimination of Child Labour (IPEC)",
        ["IPEC\tinternational programme on the elimination of child labour"],
    ),
    "plural": ("civil society organizations (CSOs)", ["CSO\tcivil society organizations"]),
    "dots": ("the United Nations (U.N.)", ["UN\tunited nations"]),
    "mixed case": ("the Department of Labor (DoL)", ["DOL\tdepartment of labor"]),
    "accents and other small words": (
        "Secretaría del Trabajo y Previsión Social (STPS)",
        ["STPS\tsecretaria del trabajo y prevision social"],
    ),
    "dotted first word": (
        "the U.S. Agency for International Development (USAID)",
        ["USAID\tus agency for international development"],
    ),
    "begins with no stop word": (
        "Archives and Records Management (ARM)",
        ["ARM\tarchives and records management"],
    ),
    "begins with a stop word if it must": ("The Historic Quay (THQ)", ["THQ\tthe historic quay"]),
    "two in one text, sorted": (
        "gender-based violence (GBV) and Better Work (BW)",
        ["BW\tbetter work", "GBV\tgender based violence"],
    ),
    "twice is once": ("decent work (DW), decent work (DW)", ["DW\tdecent work"]),
}

NOT_SPELLED_OUT = {
    "no bracket": "ILO International Labor Organization",
    "a year": "adopted in the reform (2019)",
    "a reference": "the plan of work (see Annex)",
    "a single capital": "mining of gold (Au)",
    "a place": "in Mexico City (Mexico)",
    "another name": CALLE.title,
    "another language": CAMINOS.title,
    "letters in another order": "organization for labor (OIL) of labor (LO)",
    "a word in the way": "International Labor and Migration Rights Organization (ILO)",
    "a letter inside a word": "tuberculosis (TB)",
    "a cut word": "Labor (LAB)",
    "itself": "the ILO (ILO)",
    "a word of its own": "international ILO lobby organization (ILO)",
    "over the end of a sentence": "It was International. Labor organization (ILO)",
    "over a bracket": "International (UN) Labor Organization (ILO)",
    "too long": f"{'a ' * (MAX_LETTERS + 1)}({'A' * (MAX_LETTERS + 1)})",
    "a word out of reach": f"Xindustrial {'and ' * 30}labor organization (ILO)",
    "empty": "",
    "open bracket": "International Labor Organization (ILO",
}


@pytest.mark.parametrize(("text", "found"), SPELLED_OUT.values(), ids=SPELLED_OUT)
def test_spelled_out(text, found):
    assert mine([text]) == found


@pytest.mark.parametrize("text", NOT_SPELLED_OUT.values(), ids=NOT_SPELLED_OUT)
def test_not_spelled_out(text):
    assert mine([text]) == []


def test_projects_of_the_page():
    assert [mine(texts(project)) for project in SEED] == [
        [],
        ["TECLAB\ttowards effective courts and coordinated labor justice"],
        [],
        ["ILO\tinternational labor organization", "USMCA\tunited states mexico canada agreement"],
        [],
    ]
    assert mine((*texts(TECLAB), *texts(VISION_ZERO))) == sorted(
        mine(texts(TECLAB)) + mine(texts(VISION_ZERO))
    )


def test_labour_projects():
    found = {pair for project in LABOUR.values() for pair in mine(texts(project))}
    assert found == {
        "ILO\tinternational labor organization",
        "IPEC\tinternational programme on the elimination of child labour",
        "OSH\toccupational safety and health",
        "USMCA\tunited states mexico canada agreement",
    }


@pytest.mark.parametrize(
    ("letters", "words", "count"),
    [
        pytest.param("ilo", ["in", "ink", "law", "oak"], 3, id="the fewest words"),
        pytest.param("iilo", ["in", "ink", "law", "oak"], 4, id="as many as it takes"),
        pytest.param("ao", ["big", "and", "oak"], 2, id="with a stop word at the front"),
        pytest.param("io", ["ink", "many", "oak"], 0, id="two letters skip nothing"),
        pytest.param("ilo", ["ink", "many", "law", "oak"], 4, id="three letters skip one"),
        pytest.param("ilo", ["ink", "many", "more", "law", "oak"], 0, id="but not two"),
        pytest.param("ilo", ["ink", "of", "the", "y", "law", "oak"], 6, id="small words are free"),
        pytest.param("abc", [], 0, id="no words"),
    ],
)
def test_words_that_spell_letters(letters, words, count):
    assert spelled(letters, words) == count
