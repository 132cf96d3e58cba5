"""What elements of XML say: attributes of parts, names that XML forbids, several titles, schemas beside records."""

import io
import json
from datetime import date

import pytest

from indexer.corpus import contents
from indexer.corpus.formats.trees import json_records, xml_records
from indexer.corpus.reading import Reading
from indexer.document import Project


def read(text):
    """Return the projects of an XML file, which has no rejections."""
    records = list(xml_records.read(io.BytesIO(text.encode()), Reading("grants.xml")))
    assert all(isinstance(one, Project) for one in records), records
    return records


ROWSET = """<xml xmlns:s="uuid:BDC6E3F0-6DA3-11d1-A2A3-00AA00C14882" xmlns:rs="urn:schemas-microsoft-com:rowset"
 xmlns:z="#RowsetSchema"><s:Schema id="RowsetSchema"><s:ElementType name="row" content="eltOnly">
<s:AttributeType name="ows_Title" rs:name="Title"/><s:AttributeType name="ows_ID" rs:name="ID"/>
</s:ElementType></s:Schema><rs:data ItemCount="2">{}</rs:data></xml>"""


def test_a_list_of_sharepoint_is_read_by_the_attributes_of_its_rows():
    rows = (
        "<z:row ows_ID='007' ows_Title='Safe Gold' ows_Start_x0020_Date='2020-01-31 00:00:00'"
        " ows_Grantee='3;#Verite' ows_Themes=';#Health;#Water;#' ows_Cost='float;#5'/>"
        "<z:row ows_ID='8' ows_Title='Clean; # Cocoa'/>"
    )
    first, second = read(ROWSET.format(rows))
    assert (first.id, first.title, first.grantee) == ("007", "Safe Gold", "Verite")
    assert first.start == date(2020, 1, 31)
    assert first.extra == (("Themes", "Health; Water"), ("Cost", "5"))
    assert second.title == "Clean; # Cocoa"


def test_a_schema_alone_is_no_list_of_projects():
    (record,) = xml_records.read(io.BytesIO(ROWSET.format("").encode()), Reading("grants.xml"))
    assert record.reason == "no elements with a title in this file"


def test_attributes_of_parts_are_read():
    first, second = read(
        """<grants>
        <grant id="007"><title>Safe Gold</title><period start="2020-01-31" end="2021-01-31"/>
          <grantee name="Verite"/><amount currency="EUR">100</amount></grant>
        <grant id="8"><title>Clean Cocoa</title><date type="start">2020</date><date type="end">2021</date>
          <grantee><name>ILO</name></grantee></grant></grants>"""
    )
    assert (first.id, first.grantee, first.start, first.end) == (
        "007",
        "Verite",
        date(2020, 1, 31),
        date(2021, 1, 31),
    )
    assert first.extra == (("amount", "100"), ("currency", "EUR"))
    assert (second.grantee, second.start, second.end) == ("ILO", date(2020, 1, 1), date(2021, 12, 31))


def test_names_are_read_as_access_meant_them():
    (one,) = read(
        "<dataroot><Grants><Project_x0020_Title>Safe Gold</Project_x0020_Title>"
        "<Start_x0020_Date>2020-01-31T00:00:00</Start_x0020_Date></Grants></dataroot>"
    )
    assert (one.title, one.start) == ("Safe Gold", date(2020, 1, 31))


DC = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>
<identifier>oai:x:1</identifier><datestamp>2023-04-05</datestamp></header><metadata><dc:dc
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Safe Gold</dc:title><dc:title>Oro</dc:title>
<dc:identifier>http://x/1</dc:identifier><dc:identifier>G-1</dc:identifier>
<dc:description>About gold.</dc:description></dc:dc></metadata></record></ListRecords></OAI-PMH>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">
<rdf:Description rdf:about="http://x/1"><dct:title>Safe Gold</dct:title><dct:title>Oro</dct:title>{}
<dct:description>About gold.</dct:description></rdf:Description></rdf:RDF>"""
DATACITE = """<records><resource xmlns="http://datacite.org/schema/kernel-4">
<identifier identifierType="DOI">G-1</identifier><titles><title>Safe Gold</title>
<title titleType="TranslatedTitle">Oro</title></titles><descriptions>
<description descriptionType="Abstract">About gold.</description></descriptions></resource></records>"""


@pytest.mark.parametrize(
    ("text", "project_id"),
    [
        (DC, "G-1"),
        (RDF.format("<dct:identifier>G-1</dct:identifier>"), "G-1"),
        (RDF.format(""), "http://x/1"),
        (DATACITE, "G-1"),
    ],
    ids=["dublin-core", "rdf", "rdf-about", "datacite"],
)
def test_of_several_titles_and_ids_one_counts_and_the_others_are_kept(text, project_id):
    (one,) = read(text)
    assert (one.id, one.title, one.description) == (project_id, "Safe Gold", "About gold.")
    extra = dict(one.extra)
    assert "Oro" in extra.values()
    assert text is not DC or extra["identifier (others)"] == "http://x/1"


RECORDS = [{"id": ["http://x/1", "G-1"], "title": ["Safe Gold", "Oro"], "countries": ["Peru", "Mali"]}]


@pytest.mark.parametrize("name", ["grants.json", "grants.jsonl"])
def test_so_they_do_in_json(tmp_path, name):
    text = json.dumps(RECORDS) if name.endswith(".json") else "\n".join(map(json.dumps, RECORDS))
    (tmp_path / name).write_text(text, encoding="utf-8")
    (one,) = contents.read(tmp_path)
    assert (one.id, one.title) == ("G-1", "Safe Gold")
    assert dict(one.extra) == {
        "id (others)": "http://x/1",
        "title (others)": "Oro",
        "countries": "Peru; Mali",
    }


def test_a_grantee_in_a_list_of_objects_is_the_grantee():
    raw = json.dumps([{"title": "Safe Gold", "grantee": [{"name": "Verite"}]}]).encode()
    (one,) = json_records.read(io.BytesIO(raw), Reading("grants.json"))
    assert one.grantee == "Verite"


def test_terms_of_linked_data_are_unwrapped():
    term = {"type": "literal", "xml:lang": "en", "value": "Safe Gold"}
    row = {"id": {"type": "uri", "value": "http://x/1"}, "title": term}
    answer = {"head": {"vars": ["id", "title"]}, "results": {"bindings": [row, row]}}
    first, _ = json_records.read(io.BytesIO(json.dumps(answer).encode()), Reading("grants.json"))
    assert (first.id, first.title, first.extra) == ("http://x/1", "Safe Gold", ())
    amount = {"title": "Safe Gold", "cost": {"type": "grant", "value": 5}}
    (one,) = json_records.read(io.BytesIO(json.dumps([amount]).encode()), Reading("grants.json"))
    assert one.extra == (("cost.type", "grant"), ("cost.value", "5"))


def test_an_answer_to_sparql_is_read_in_xml_as_well():
    (one,) = read(
        """<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="id"/>
        <variable name="title"/><variable name="start"/></head><results><result>
        <binding name="id"><uri>http://x/1</uri></binding>
        <binding name="title"><literal xml:lang="en">Safe Gold</literal></binding>
        <binding name="start"><literal datatype="date">2020-01-31</literal></binding>
        </result></results></sparql>"""
    )
    assert (one.id, one.title, one.start) == ("http://x/1", "Safe Gold", date(2020, 1, 31))


def test_a_record_may_nest_its_parts_deeply_and_what_these_have_is_no_record():
    (one,) = read(
        """<project xmlns="http://cordis.europa.eu"><id>101000001</id><startDate>2020-01-01</startDate>
        <title>Gold</title><objective>Mines.</objective><relations><associations>
        <organization type="coordinator"><legalName>UiO</legalName><address><city>Oslo</city></address>
        </organization><call><title>H2020-X</title><identifier>H2020-X</identifier></call>
        </associations></relations></project>"""
    )
    assert (one.id, one.title, one.start) == ("101000001", "Gold", date(2020, 1, 1))
    assert dict(one.extra)["relations.associations.organization.coordinator.legalName"] == "UiO"


def test_an_id_of_a_namespace_is_the_id_where_there_is_no_other():
    text = """<p:projects xmlns:a="http://gtr/api" xmlns:p="http://gtr/project"><p:project a:id="AAA">{}
    <p:title>Gold</p:title><p:abstractText>Mines.</p:abstractText></p:project></p:projects>"""
    assert [one.id for one in read(text.format(""))] == ["AAA"]
    assert [one.id for one in read(text.format("<p:id>B</p:id>"))] == ["B"]


def test_parts_that_one_part_tells_in_languages_are_no_records_and_the_english_one_counts():
    def part(language, title, tag="summary"):
        return f'<{tag} xml:lang="{language}"><title>{title}</title></{tag}>'

    awards = (
        part("fr", "Or") + part("en-GB", "Gold"),
        part("es", "Oro") + part("fr", "Argent"),
        # Twice the same language are no translations.
        part("fr", "Un") + part("fr", "Deux"),
    )
    text = "".join(f'<award number="{number}">{parts}</award>' for number, parts in enumerate(awards))
    reading = Reading("a.xml", said=(("summary.title", "title"),))
    found = [*xml_records.read(io.BytesIO(f"<awards>{text}</awards>".encode()), reading)]
    assert [one.title for one in found] == ["Gold", "Oro", "Un; Deux"]
    assert [dict(one.extra).get("summary (fr).title") for one in found] == ["Or", "Argent", None]
