"""JSON and XML: where the records are found, what is nested, and files that are broken or hostile."""

import io
import json
from datetime import date

import pytest

from indexer.corpus.formats.trees import json_records, xml_records
from indexer.corpus.formats.trees.flattening import flattened
from indexer.corpus.reading import Limits, Reading
from indexer.document import Project, Rejection

RECORD = {"title": "Safe Gold", "start_date": "2020-01-31", "grantee": "Verité"}


def read(raw, limits=None):
    reading = Reading("grants.json", limits=limits or Limits())
    if not isinstance(raw, bytes):
        raw = json.dumps(raw).encode()
    module = xml_records if raw.lstrip(b"\xef\xbb\xbf \n").startswith(b"<") else json_records
    records = list(module.read(io.BytesIO(raw), reading))
    reading.finish()
    return records, reading.account


def titles(records):
    return [one.title for one in records if isinstance(one, Project)]


@pytest.mark.parametrize(
    "value",
    [
        [RECORD, RECORD],
        {"grants": [RECORD, RECORD]},
        {"meta": {"title": "All grants", "description": "of us"}, "data": {"hits": [RECORD, RECORD]}},
        {"facets": [{"name": "Ghana", "count": 3}] * 40, "results": [RECORD, RECORD]},
        {"projects": {"P1": RECORD, "P2": RECORD}, "total": 2},
        [{"page": 1, "items": [RECORD]}, {"page": 2, "items": [RECORD]}],
        {"features": [{"type": "Feature", "properties": RECORD, "geometry": {"type": "Point"}}] * 2},
        {"grants": [{**RECORD, "outputs": [{"title": "A book", "start_date": "2021"}] * 30}] * 2},
    ],
    ids=["array", "member", "deep", "after-facets", "by-id", "pages", "features", "with-parts"],
)
def test_records_are_found_wherever_they_stand(value):
    records, _ = read(value)
    assert titles(records) == ["Safe Gold", "Safe Gold"]
    assert records[1].start == date(2020, 1, 31)
    assert records[1].source_line == "grants.json:2"


ROWS = [["Safe Gold", "2020-01-31", "Verité"], ["Fair Work", "2021-05-01", "ILO"]]
NAMES = ["Title", "Start date", "Grantee"]


@pytest.mark.parametrize(
    "value",
    [
        [NAMES, *ROWS],
        {"range": "Sheet1!A1:C3", "values": [NAMES, *ROWS]},
        {"columns": NAMES, "index": [0, 1], "data": ROWS},
        {"meta": {"view": {"name": "Grants", "columns": [{"id": n, "name": name} for n, name in enumerate(NAMES)]}}, "data": ROWS},
        {"fields": [{"id": name, "type": "text"} for name in NAMES], "records": ROWS},
        {"records": ROWS, "fields": [{"id": name, "type": "text"} for name in NAMES]},
        {"data": [[*row, "more than names"] for row in ROWS], "columns": [*NAMES, "Note"]},
    ],
    ids=["first-row", "sheet", "frame", "socrata", "fields", "names-below", "another-column"],
)  # fmt: skip
def test_rows_are_read_by_names_that_stand_elsewhere(value):
    records, _ = read(value)
    assert titles(records) == ["Safe Gold", "Fair Work"]
    assert [(one.start, one.grantee) for one in records] == [
        (date(2020, 1, 31), "Verité"),
        (date(2021, 5, 1), "ILO"),
    ]


@pytest.mark.parametrize(
    ("names", "ids"),
    [(["Grant Number", *NAMES], ["G-1", "G-2"]), (["Note", *NAMES], ["00-A", "00-B"])],
    ids=["own-ids", "none"],
)
def test_ids_that_a_portal_gives_its_rows_count_only_where_a_list_has_none(names, ids):
    added = [{"name": name, "dataTypeName": "meta_data"} for name in ("sid", "id", "position", "created_at")]
    columns = [*added, *({"name": name, "dataTypeName": "text"} for name in names)]
    rows = [
        ["row-1", "00-A", 0, 1580428800, "G-1", *ROWS[0]],
        ["row-2", "00-B", 1, 1580428800, "G-2", *ROWS[1]],
    ]
    records, _ = read({"meta": {"view": {"columns": columns}}, "data": rows})
    assert [one.id for one in records] == ids
    assert titles(records) == ["Safe Gold", "Fair Work"]
    assert not {"sid", "position", "created_at"} & {*dict(records[0].extra)}


def test_lists_of_lists_that_name_no_project_are_none():
    records, _ = read({"columns": ["x", "y"], "data": [[1, 2], [3, 4]]})
    assert [one.reason for one in records] == ["no list of objects with a title in this file"]


def test_a_row_that_is_short_is_read_as_far_as_it_goes():
    records, _ = read([NAMES, ["Safe Gold"], ROWS[1]])
    assert titles(records) == ["Safe Gold", "Fair Work"]
    assert records[0].start is None


def test_a_document_in_a_hit_has_the_id_of_the_hit():
    documents = [{"title": "Schools"}, {"title": "Wells", "_source": "USAID"}]
    hits = [{"_id": f"ES{number}", "_source": one} for number, one in enumerate(documents)]
    found, _ = read({"took": 3, "hits": {"total": 2, "hits": hits}})
    assert [(one.id, one.title, dict(one.extra)) for one in found] == [
        ("ES0", "Schools", {}),
        ("ES1", "Wells", {"_source": "USAID"}),
    ]


def test_the_name_of_an_object_is_its_id_where_it_has_no_other():
    records, _ = read({"P-1": RECORD, "P-2": {**RECORD, "title": "Fair Work"}})
    assert [one.id for one in records] == ["P-1", "P-2"]
    records, _ = read({"P-1": {**RECORD, "id": "own"}, "P-2": {**RECORD, "id": "other"}})
    assert [one.id for one in records] == ["own", "other"]


@pytest.mark.parametrize(
    "raw",
    [
        b'<grants><grant id="G1" title="Safe Gold" start="2020-01-31" grantee="A"/></grants>',
        b'<r><row><field name="Id">G1</field><field name="Title">Safe Gold</field><field name="Start">2020-01-31</field></row></r>',
        b'<response><result><doc><str name="id">G1</str><str name="title">Safe Gold</str><date name="start">2020-01-31T00:00:00Z</date></doc></result></response>',
        b'<grants><grant id="G1"><title>Safe Gold</title><start>2020-01-31</start></grant></grants>',
    ],
    ids=["attributes", "named-fields", "solr", "id-as-attribute"],
)  # fmt: skip
def test_what_xml_says_in_attributes_is_read(raw):
    (record,) = read(raw)[0]
    assert (record.id, record.title, record.start) == ("G1", "Safe Gold", date(2020, 1, 31))


def test_a_part_counts_more_than_an_attribute_of_its_name():
    (record,) = read(b'<g><grant title="x"><title>Safe Gold</title><start>2020</start></grant></g>')[0]
    assert record.title == "Safe Gold"


def test_a_single_object_is_one_record():
    assert titles(read(RECORD)[0]) == ["Safe Gold"]


def test_objects_a_line_are_read_too():
    raw = b"\n".join(json.dumps({**RECORD, "title": f"Project {n}"}).encode() for n in range(3))
    assert titles(read(raw)[0]) == ["Project 0", "Project 1", "Project 2"]


def test_utf_16_and_a_byte_order_mark_do_no_harm():
    text = json.dumps([RECORD], ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16"):
        (record,), account = read(text.encode(encoding))
        assert record.grantee == "Verité"
        assert account.encoding == encoding.removesuffix("-sig")


def test_what_is_nested_becomes_columns():
    assert flattened({"a": 1, "b": {"c": [{"d": 2}, {"d": 3}], "e": []}, "f": None}) == {
        "a": 1,
        "b.c.d": "2; 3",
        "b.e": None,
        "f": None,
    }


def test_a_file_has_one_order_of_day_and_month():
    first = {**RECORD, "start_date": "01/10/2020"}
    second = {**RECORD, "start_date": "31/03/2022"}
    records, account = read([first, second])
    assert [one.start for one in records] == [date(2020, 10, 1), date(2022, 3, 31)]
    assert account.dates.order == "day first"
    assert account.warnings == []


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'[{"title": "Safe Gold", "start": "2020"}, {"title": ', "not valid JSON"),
        (b'[{"title": "Safe Gold", "start": "2020"}, {"title": "A" "B"}]', "not valid JSON"),
        (b"[" * 5_000, "nested too deeply"),
        (b'{"a": 1}', "no list of objects with a title in this file"),
        (b"", "no list of objects with a title in this file|not valid JSON"),
        (b"[1, 2, 3]", "no list of objects with a title in this file"),
    ],
    ids=["cut-off", "broken", "deep", "no-title", "empty", "numbers"],
)
def test_json_that_cannot_be_read_says_why(raw, reason):
    records, _ = read(raw)
    assert isinstance(records[-1], Rejection)
    assert any(records[-1].reason.startswith(one) for one in reason.split("|"))


def test_what_stood_before_a_mistake_is_read():
    raw = b"[" + b",".join([json.dumps(RECORD).encode()] * 30) + b', {"title": oops}]'
    records, _ = read(raw)
    assert len(titles(records)) == 30
    assert records[-1].line == 31


def test_a_record_that_is_too_large_is_rejected_alone():
    large = {**RECORD, "values": list(range(30_000))}
    records, _ = read([RECORD, large, RECORD])
    assert [type(one) for one in records] == [Project, Rejection, Project]
    records, _ = read([RECORD, {**RECORD, "description": "x" * 5_000}], Limits(record=1_000))
    assert [type(one) for one in records] == [Project, Rejection]


XML = b"""<?xml version="1.0"?>
<list generated="2024-01-01"><note>All grants</note>
<grant><title>Safe Gold</title><period><start>31/01/2020</start></period>
  <start_date>01/10/2020</start_date><country>Ghana</country><country>Mali</country></grant>
<grant><title>Clean Cocoa</title><start_date>31/03/2022</start_date></grant>
<grant><start_date>31/03/2022</start_date></grant>
</list>"""


def test_elements_beside_each_other_are_records():
    records, account = read(XML)
    assert titles(records) == ["Safe Gold", "Clean Cocoa"]
    assert [one.start for one in records[:2]] == [date(2020, 10, 1), date(2022, 3, 31)]
    assert dict(records[0].extra)["country"] == "Ghana; Mali"
    assert records[2].reason == "no title"
    assert account.format == "XML, records in <grant>"


def test_one_record_may_be_the_root():
    assert titles(read(b"<project><title>Safe Gold</title><start>2020</start></project>")[0]) == ["Safe Gold"]


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><list><grant><title>&a;</title><start>2020</start></grant></list>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><l><g><title>&a;</title></g></l>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><l><g><title>A</title></g></l>',
    ],
    ids=["entity", "file", "dtd"],
)
def test_entities_and_what_is_outside_are_never_read(raw):
    records, _ = read(raw)
    assert titles(records) in ([], ["A"])
    assert titles(records) or "entities or external parts" in records[0].reason


@pytest.mark.parametrize(
    "around",
    [
        "<grants>{}</grants>",
        '<grants count="2" date="2020-01-02">{}</grants>',
        "<response><status>0</status><result>{}</result></response>",
        "<feed><title>All grants</title><entry>{}</entry></feed>",
    ],
    ids=["list", "attributes", "answer", "titled"],
)
@pytest.mark.parametrize("number", [1, 2])
def test_a_list_of_one_record_is_read_as_one_of_several(around, number):
    record = "<grant><title>Safe Gold</title><end>2021</end><Country>Mali</Country><place><name>Kayes</name></place></grant>"
    records, _ = read(around.format(record * number).encode())
    assert [(one.title, one.extra) for one in records] == [
        ("Safe Gold", (("Country", "Mali"), ("place.name", "Kayes")))
    ] * number


def test_a_part_with_a_title_is_no_record_of_its_own():
    part = "<milestone><title>Begun</title><end>2020</end></milestone>"
    raw = f"<grants><grant><title>Safe Gold</title><end>2021</end>{part}</grant></grants>".encode()
    (record,), _ = read(raw)
    assert (record.title, record.end) == ("Safe Gold", date(2021, 12, 31))


def test_xml_that_is_cut_off_gives_what_stood_before():
    records, _ = read(XML[: XML.index(b"<grant><start_date>")])
    assert titles(records) == ["Safe Gold", "Clean Cocoa"]
    assert records[-1].reason.startswith("not well-formed XML")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<a>" * 5_000, "nested more than 50 deep"),
        (b"<l>" + b"<g><title>A</title>" + b"<x/>" * 30_000 + b"</g></l>", "no elements with a title"),
        (b"<l><g title='A' " + b" ".join(b"x%d=''" % n for n in range(30_000)) + b"/></l>", "nested more"),
        (
            b"<l><g><title>A</title><x>" + b"x" * 9_000_000 + b"</x></g></l>",
            "a tag or a text of more than 4 MB",
        ),
        (b"<l><g title='" + b"x" * 9_000_000 + b"'/></l>", "a tag or a text of more than 4 MB"),
    ],
    ids=["deep", "wide", "attributes", "text", "tag"],
)
def test_xml_without_end_is_given_up(raw, reason):
    records, _ = read(raw)
    assert titles(records) == []
    assert isinstance(records[-1], Rejection)
    assert records[-1].reason.startswith(reason), records[-1].reason


def test_what_stands_before_a_text_without_end_is_read():
    raw = b"<l><g><title>A</title></g>" + b" " * 3_000_000 + b"<g><title>B</title></g>" + b"x" * 9_000_000
    records, _ = read(raw)
    assert titles(records) == ["A", "B"]
    assert records[-1].reason.startswith("a tag or a text of more than 4 MB")


def test_what_tells_the_type_of_a_value_is_unwrapped():
    records, _ = read(
        {
            "rows": [
                {
                    "_id": {"$oid": "5f"},
                    **RECORD,
                    "end": {"date": {"$date": {"$numberLong": "1706659200000"}}},
                }
            ]
            * 2
        }
    )
    assert [(one.id, one.title, one.end) for one in records] == [("5f", "Safe Gold", date(2024, 1, 31))] * 2


DYNAMODB = {
    "id": {"S": "p1"}, "title": {"S": "Safe Gold"}, "start": {"S": "2020-01-31"}, "note": {"NULL": True},
    "org": {"M": {"name": {"S": "Pact"}, "countries": {"L": [{"S": "Peru"}, {"S": "Mali"}]}}},
}  # fmt: skip
FIRESTORE = {
    "name": "projects/x/documents/p1", "createTime": "2024-01-01T00:00:00Z", "updateTime": "2024-01-02T00:00:00Z",
    "fields": {
        "title": {"stringValue": "Safe Gold"}, "start": {"timestampValue": "2020-01-31T00:00:00Z"},
        "countries": {"arrayValue": {"values": [{"stringValue": "Peru"}, {"stringValue": "Mali"}]}},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "id_", "countries"),
    [
        ({"Items": [DYNAMODB, DYNAMODB], "Count": 2}, "p1", "org.countries"),
        ([{"Item": DYNAMODB}, {"Item": DYNAMODB}], "p1", "org.countries"),
        ({"documents": [FIRESTORE, FIRESTORE]}, "projects/x/documents/p1", "fields.countries"),
    ],
    ids=["scan", "export", "firestore"],
)
def test_typed_values_of_document_databases_are_unwrapped(source, id_, countries):
    records, _ = read(source)
    assert [(one.id, one.title, one.start) for one in records] == [(id_, "Safe Gold", date(2020, 1, 31))] * 2
    assert dict(records[0].extra)[countries] == "Peru; Mali"


@pytest.mark.parametrize("cut", range(3, 160, 7))
def test_of_json_that_is_cut_off_what_stands_whole_is_read_and_the_rest_told(cut):
    whole = json.dumps({"grants": [RECORD, RECORD]}).encode()
    records, _ = read(whole[:cut])
    *found, told = records
    assert titles(found) == ["Safe Gold"] * whole[:cut].count(b"}")
    assert told.reason.startswith("not valid JSON: ")
    assert told.reason.endswith("what stood before was read") == bool(found)
    assert told.line == (len(found) + 1 if found else 0)


FEED = {"title": "News of grants", "description": "All of them", "language": "en"}
ITEMS = [{"title": f"Grant {name}", "description": f"Text {name}", "link": "http://x"} for name in "AB"]


def test_a_list_with_a_title_of_its_own_is_no_record():
    """Feeds and catalogues say of themselves what their items say; one item alone may be a part."""
    records, _ = read({**FEED, "items": ITEMS})
    assert titles(records) == ["Grant A", "Grant B"]
    items = "".join(
        "<item>" + "".join(f"<{key}>{text}</{key}>" for key, text in item.items()) + "</item>"
        for item in ITEMS
    )
    head = "".join(f"<{key}>{text}</{key}>" for key, text in FEED.items())
    records, _ = read(f"<rss><channel>{head}{items}</channel></rss>".encode())
    assert titles(records) == ["Grant A", "Grant B"]


def test_a_project_with_several_parts_is_one():
    """What it says beside its title tells it from a list: dates, an id, or others of its kind."""
    records, _ = read({**FEED, "start_date": "2020", "outputs": ITEMS})
    assert titles(records) == ["News of grants"]
    records, _ = read([{**FEED, "outputs": ITEMS}, {**FEED, "outputs": ITEMS}])
    assert titles(records) == ["News of grants", "News of grants"]


def test_what_programmes_list_are_the_records_also_where_one_lists_a_single_one():
    """A programme with one grant seems to have its dates and grantee; the others have only names."""
    one, two, three = ({**RECORD, "title": name} for name in ("One", "Two", "Three"))
    programmes = [{"name": "P1", "grants": [one, two]}, {"name": "P2", "grants": [three]}]
    for value in (programmes, programmes[::-1], {"programmes": programmes}):
        records, _ = read(value)
        assert sorted(titles(records)) == ["One", "Three", "Two"]


def test_the_organisations_of_payments_without_titles_are_no_projects():
    """Of records that lack only a title the parts that have names are not taken in their stead."""
    ends = [{"id": "1", "name": "Norway"}, {"id": "2", "name": "Chad"}]
    payments = [{"id": number, "description": "Food", "sources": ends} for number in (7, 8)]
    (told,), _ = read({"status": "ok", "data": {"flows": payments}})
    assert isinstance(told, Rejection)
    assert "those at data.flows[] have other fields of projects" in told.reason


def test_a_list_of_columns_is_none_of_projects():
    names = ("objectid", "title", "start_date", "grantee")
    records, account = read({"fields": [{"name": name, "type": "text"} for name in names]})
    assert records == []
    assert account.left_out["names of columns"].count == len(names)


FEATURES = {
    "fields": [
        {"name": name, "type": "esriFieldTypeString", "alias": name.capitalize()}
        for name in ("OBJECTID", "WORK_NAME", "GRANTEE", "START_DATE")
    ],
    "features": [
        {"attributes": {"OBJECTID": number, "WORK_NAME": title, "GRANTEE": "A", "START_DATE": 1580428800000}}
        for number, title in enumerate(["Safe Gold", "Fair Work"])
    ],
}


def test_what_describes_the_columns_of_other_objects_is_no_project():
    records, _ = read(FEATURES)
    (reason,) = [one.reason for one in records]
    assert (
        'those at features[].attributes have other fields of projects. Is the title "OBJECTID", "WORK_NAME"?'
        in reason
    )


def test_objects_whose_title_the_corpus_says_are_read_beside_a_list_of_their_columns():
    reading = Reading("grants.json", said=(("WORK_NAME", "title"),))
    records = list(json_records.read(io.BytesIO(json.dumps(FEATURES).encode()), reading))
    assert [(one.title, one.grantee, one.start) for one in records] == [
        ("Safe Gold", "A", date(2020, 1, 31)),
        ("Fair Work", "A", date(2020, 1, 31)),
    ]


def test_projects_that_say_their_type_are_projects():
    records, _ = read(
        {"grants": [{"name": "Safe Gold", "type": "award"}, {"name": "Fair Work", "type": "award"}]}
    )
    assert titles(records) == ["Safe Gold", "Fair Work"]


def test_what_a_graph_has_beside_projects_is_left_out_and_told():
    graph = [
        {"@type": "Organization", "@id": "o/1", "name": "Verité"},
        {"@type": "MonetaryGrant", "@id": "g/1", "name": "Safe Gold", "startDate": "2020-01-31"},
        {"@type": ["https://schema.org/NGO", "Organization"], "@id": "o/2", "name": "Oxfam"},
        {"@type": ["Project", "Organization"], "@id": "g/2", "name": "Fair Work"},
    ]
    records, account = read({"@context": "https://schema.org", "@graph": graph})
    assert [(one.id, one.title) for one in records] == [("g/1", "Safe Gold"), ("g/2", "Fair Work")]
    assert account.left_out["things of another type"].count == 2


def test_several_titles_of_a_record_are_no_records():
    titles_of = [{"title": "Safe Gold"}, {"title": "Gold", "titleType": "AlternativeTitle"}]
    records, _ = read({"data": [{"id": number, "attributes": {"titles": titles_of}} for number in (1, 2)]})
    assert [(one.id, one.title) for one in records] == [("1", "Safe Gold"), ("2", "Safe Gold")]
    assert dict(records[0].extra)["attributes.titles.title (others)"] == "Gold"
    records, _ = read({"titles": [RECORD, RECORD]})
    assert titles(records) == ["Safe Gold", "Safe Gold"]


def test_texts_are_taken_out_of_the_objects_of_wordpress_and_drupal():
    post = {
        "id": 7,
        "title": {"rendered": "Safe &amp; Gold"},
        "acf": {"grantee": "Oxfam", "start_date": "2020"},
    }
    node = {"title": [{"value": "Safe & Gold"}], "field_grantee": [{"value": "Oxfam"}]}
    for record in (post, node):
        (one,), _ = read([record])
        assert (one.title, one.grantee) == ("Safe & Gold", "Oxfam")


@pytest.mark.parametrize(
    ("last", "days"),
    [
        ("2023-09-30", (date(2019, 10, 1), date(2023, 9, 30))),
        ("2023-09-30T23:59:59", (date(2019, 10, 1), date(2023, 9, 30))),
        (None, (date(2019, 10, 1), None)),
    ],
)
def test_ranges_of_drupal_are_spans(last, days):
    range_of_days = {"value": "2019-10-01", "end_value": last}
    attributes = {"title": "Cocoa", "field_project_dates": range_of_days}
    node = {"title": [{"value": "Cocoa"}], "field_dates": [range_of_days]}
    for record in ({"data": [{"id": "5a1c", "type": "node--project", "attributes": attributes}]}, [node]):
        (one,), _ = read(record)
        assert (one.title, one.start, one.end) == ("Cocoa", *days)


@pytest.mark.parametrize(
    ("parts", "days"),
    [
        ([[2019, 11, 1]], (date(2019, 11, 1), None)),
        ([2019, 2], (date(2019, 2, 1), None)),
        ([["2019"]], (date(2019, 1, 1), None)),
        ([[2019, 1, 2], [2020, 3, 4]], (date(2019, 1, 2), date(2020, 3, 4))),
        ([[None]], (None, None)),
        ([], (None, None)),
        (None, (None, None)),
    ],
)
def test_days_in_parts_are_days(parts, days):
    record = {"title": "Gold", "start": {"date-parts": parts, "timestamp": 1}}
    (one,), _ = read([record])
    assert (one.title, one.start, one.end) == ("Gold", *days)


def test_pages_of_notion_are_records_and_their_choices_are_none():
    def prop(kind, value):
        return {"id": "x", "type": kind, kind: value}

    text = [{"type": "text", "text": {"content": "Safe "}, "plain_text": "Safe "}, {"plain_text": "Gold"}]
    properties = {
        "Country": prop("multi_select", [{"id": "1", "name": "Peru"}, {"id": "2", "name": "Mali"}]),
        "Name": prop("title", text),
        "Dates": prop("date", {"start": "2020-01-31", "end": "2021-12-31", "time_zone": None}),
        "Programme": prop("select", {"id": "z", "name": "Mines", "color": "red"}),
        "Amount": prop("number", 500),
        "Notes": prop("rich_text", []),
        "Grantee": prop("select", None),
    }
    (one,), _ = read({"results": [{"id": "p1", "properties": properties}]})
    assert (one.title, one.start, one.end, one.grantee) == (
        "Safe Gold", date(2020, 1, 31), date(2021, 12, 31), ""
    )  # fmt: skip
    extra = dict(one.extra)
    assert (extra["Country"], extra["Programme"], extra["Amount"]) == ("Peru; Mali", "Mines", "500")


def budgets(*several, currency="EUR"):
    """Return the text of the budgets of an activity, given as kind, first day of the period, value, currency."""
    inside = "".join(
        f'<budget type="{kind}"><period-start iso-date="{day}"/><value currency="{of}">{value}</value></budget>'
        for kind, day, value, of in several
    )
    (one,), _ = read(
        f"""<iati-activities><iati-activity default-currency="{currency}"><iati-identifier>X-1</iati-identifier>
        <title><narrative>Gold</narrative></title>{inside}</iati-activity></iati-activities>""".encode()
    )
    return dict(one.extra).get("budget.value")


def test_the_budgets_of_an_activity_are_added_up_where_that_can_be():
    """Most activities have one for each year; a revised one stands for the original one of its period."""
    years = [("1", "2020-01-01", "500", ""), ("1", "2021-01-01", "500", "EUR")]
    assert budgets() is None
    assert budgets(years[0]) == "500"
    assert budgets(*years) == "1000"
    assert budgets(("2", "2020-01-01", "700.50", "EUR"), *years) == "1200.50"
    assert budgets(*years[1:], currency="USD") == "500 EUR"
    assert budgets(*years, currency="USD") == "500 USD; 500 EUR"
    assert budgets(years[0], ("1", "2021-01-01", "1,000", "")) == "500; 1,000"
