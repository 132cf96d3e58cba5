"""Tables of organisations, people, publications and deliverables are no projects, even where they stand alone."""

import json

import pytest

from indexer.corpus import contents
from indexer.corpus.fields.table_kinds import other_things
from indexer.document import Project

# As CORDIS packs them beside its projects.
ORGANISATIONS = (
    "projectID projectAcronym organisationID vatNumber name shortName SME activityType street postCode city"
    " country totalCost"
)
PUBLICATIONS = "id title isPublishedAs authors journalTitle publishedYear issn isbn doi projectID"
DELIVERABLES = "id title deliverableType description projectID projectAcronym url"


def kind(names, said=()):
    return other_things(tuple(names.split()), said)


@pytest.mark.parametrize(
    ("names", "is_one"),
    [
        (ORGANISATIONS, "organisations or people"),
        ("Name Email Phone City", "organisations or people"),
        ("organisation_id Name Street Postcode", "organisations or people"),
        (PUBLICATIONS, "publications"),
        ("title authors Journal year", "publications"),
        (DELIVERABLES, "deliverables"),
        # Lists of projects may say whom to ask, and where somebody is.
        ("Project Email Phone", ""),
        ("Name Email Phone Amount", ""),
        ("Name Email Phone Start", ""),
        ("Name Email Phone Grantee", ""),
        ("Name Email Phone Summary", ""),
        ("Name Country Website", ""),
        ("projectID name acronym", ""),
        ("projectID topic title", ""),
        ("projectID legalBasis title uniqueProgrammePart", "topics or links of projects"),
        ("projectID euroSciVocCode euroSciVocTitle", "topics or links of projects"),
        ("id projectID physUrl type represents", "topics or links of projects"),
        ("physUrl title", ""),
        ("title doi authors grantee", ""),
        ("title doi", ""),
        ("projectID title topic abstract", ""),
    ],
)
def test_a_table_is_told_by_its_columns(names, is_one):
    assert kind(names) == is_one


def test_what_the_corpus_says_goes_before():
    assert kind("Name Email Phone", (("name", "title"),)) == ""
    assert kind("Name Email Phone", (("other", "title"),)) == "organisations or people"


@pytest.mark.parametrize("name", ["orgs.csv", "orgs.json", "orgs.jsonl"])
def test_such_a_table_gives_no_project_and_no_rejection_and_is_told(tmp_path, name):
    rows = [{"Name": "Oxfam", "Email": "a@x.org", "Phone": "1"}, {"Name": "Care", "Email": "", "Phone": "2"}]
    text = json.dumps(rows) if name.endswith(".json") else "\n".join(map(json.dumps, rows))
    if name.endswith(".csv"):
        text = "\n".join(["Name,Email,Phone", *(",".join(row.values()) for row in rows)])
    (tmp_path / name).write_text(text, encoding="utf-8")
    warned = []
    assert list(contents.read(tmp_path, warn=warned.append)) == []
    (told,) = [one.message for one in warned if one.kind == "rows"]
    assert told.startswith("2 rows left out as organisations or people: ")
    assert told.endswith("; if they are projects, say in [columns] of fields.toml which column is the title")


def test_of_a_table_that_is_left_out_nobody_is_asked_which_column_has_the_dates(tmp_path):
    names = ORGANISATIONS.replace(" ", ",") + ",endOfParticipation"
    (tmp_path / "orgs.csv").write_text(f"{names}\n1,WORK,7,NL1,Oxfam,,,,,,,,,\n", encoding="utf-8")
    warned = []
    assert list(contents.read(tmp_path, warn=warned.append)) == []
    assert [one.kind for one in warned] == ["rows"]


def test_such_rows_are_projects_if_the_corpus_says_so(tmp_path):
    (tmp_path / "orgs.csv").write_text("Name,Email,Phone\nSafe Gold,a@x.org,1\n", encoding="utf-8")
    events = contents.files(tmp_path, sources=contents.Sources(said=(("name", "title"),)))
    (one,) = contents._projects(events)
    assert isinstance(one, Project)
    assert one.title == "Safe Gold"


def test_lines_of_other_types_stand_among_projects_and_are_told_with_their_first_line(tmp_path):
    lines = [
        {"@type": ["Organization"], "name": "Ford Foundation"},
        {"@type": "MonetaryGrant", "name": "Courts for Workers", "startDate": "2020-01-01"},
        {"Name": "Oxfam", "Email": "a@x.org", "Phone": "1"},
    ]
    (tmp_path / "graph.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    warned = []
    (one,) = contents.read(tmp_path, warn=warned.append)
    assert (one.title, one.source_line) == ("Courts for Workers", "graph.jsonl:2")
    assert [(told.line, told.message.partition(":")[0]) for told in warned if told.kind == "rows"] == [
        (1, "1 row left out as things of another type"),
        (3, "1 row left out as organisations or people"),
    ]


TOPICS = [
    {"projectID": str(number), "topic": "T", "title": title}
    for number, title in enumerate(["Starting Grants", "Starting Grants", "Mines", "Mines"])
]


def written(path, rows):
    text = json.dumps(rows)
    if path.suffix == ".csv":
        text = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["topics.csv", "topics.json"])
def test_topics_that_many_projects_share_are_no_projects(tmp_path, name):
    written(tmp_path / name, TOPICS)
    warned = []
    assert list(contents.read(tmp_path, warn=warned.append)) == []
    (told,) = [one.message for one in warned if one.kind == "rows"]
    assert told.startswith("4 rows left out as topics or links of projects: ")


@pytest.mark.parametrize("name", ["grants.csv", "grants.json"])
@pytest.mark.parametrize(
    "rows",
    [
        TOPICS[:2],
        [{**row, "title": f"{row['title']} {row['projectID']}"} for row in TOPICS],
        [{"projectID": row["projectID"], "title": row["title"]} for row in TOPICS],
        [{**row, "grantee": "UiO"} for row in TOPICS],
    ],
    ids=["few", "own-titles", "no-topics", "grantees"],
)
def test_a_list_that_may_be_one_of_projects_is_one(tmp_path, name, rows):
    written(tmp_path / name, rows)
    assert [one.title for one in contents.read(tmp_path)] == [row["title"] for row in rows]


def test_a_list_of_links_without_titles_is_told_and_no_fault(tmp_path):
    (tmp_path / "webLink.csv").write_text("projectID;physUrl\n1;http://x\n2;http://y\n", encoding="utf-8")
    warned = []
    assert list(contents.read(tmp_path, warn=warned.append)) == []
    assert [(one.line, one.message.partition(":")[0]) for one in warned] == [
        (2, "2 rows left out as topics or links of projects")
    ]
