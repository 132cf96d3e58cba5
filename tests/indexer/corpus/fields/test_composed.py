"""Headings that are in no list of names, but say word by word what they hold."""

import pytest

from indexer.corpus.fields import field_of, kind_of, layout_of
from indexer.corpus.fields.guesses import missing, nearest
from indexer.corpus.fields.languages import language_of
from indexer.corpus.fields.names import FIELDS_BY_KEY, SYNONYMS

SAID = {
    "start": ["EffectiveGrantStartDate", "Início da Vigência", "Estimated start of the project", "dates.start", "period.from", "Laufzeit von", "Date de début d'exécution", "Operation start date", "Datum des Beginns des Vorhabens", "Fecha de inicio de la operación", "Data Início Processo", "Grant: Start Date", "field_start_date.value", "acf.start_date", "Data di inizio dell'operazione", "POP Start", "Performance Start", "Proj Start Date", "Funding period start", "Start year", "Implementation Start Date (DD/MM/YYYY)", "ProgramStartDate", "Study start", "Projektbeginn (geplant)", "Vigência (Início)", "Laufzeit (von)"],
    "end": ["Fim da Vigência", "Award end", "projectPeriod.end", "Laufzeit bis", "Fecha estimada de finalización", "contractExpiryDate", "Date d'achèvement opérationnel", "Operation end date", "Datum des Endes des Vorhabens", "Date de fin de l'opération", "Completion Year", "Grant To Date", "ProgramEndDate", "Fellowship end date", "Geplantes Projektende", "Vigência (Término)", "Project period (end)"],
    "span": ["FY", "Laufzeit (von - bis)", "Project Duration (from-to)", "Gesamtlaufzeit", "Implementation period", "Durée du projet", "Período de implementación", "Grant duration", "Förderzeitraum", "attributes.project_period", "Award dates", "Fecha de inicio y fin", "Start and end dates", "Period from - to"],
    "title": ["attributes.title", "Title of the action", "Titre de l'action", "Título del convenio", "Operation name", "Bezeichnung des Vorhabens", "Nom de l'opération", "Nombre de la operación", "Nome dell'operazione", "Nome da operação", "Projet.Titre.Francais", "Título do Projecto", "title_fr", "Operation_Name_English", "Nom du projet (FR)", "Initiative name", "title.value", "title.rendered", "Grant: Grant Name", "Proposal Title", "NOMBRE_PROYECTO", "PROJ_NAME", "Project name in English", "Objet de la subvention", "ProjectTitleSv", "Project title (original)"],
    "description": ["Summary of the grant", "Objectif de la subvention", "Full description", "Operation summary", "Zusammenfassung des Vorhabens", "Résumé de l'opération", "Sintesi progetto", "Projet.Resume.Anglais", "Abstract (English)", "Public Description", "Non Technical Summary", "Award Abstract Text"],
    "grantee": ["ResearchInstitution", "Recipient legal entity name", "nomBeneficiaire", "Award recipient organisation", "Implementing agency name", "lead_organisation.name", "Name des Begünstigten", "Beneficiary name", "Nome del beneficiario", "recipient_legal_name", "Instituição Proponente", "PrincipalRecipientName", "Lead beneficiary", "Coordinating Beneficiary", "Vendor Name", "Applicant organisation", "Grant holder", "Executing Agencies", "CoordinatingOrganisationNameEn"],
}  # fmt: skip
SAYS_ANOTHER_THING = [
    "Application start date", "Start time", "Title no", "Start no", "Reporting period", "Contract duration (months)", "Budget period", "Applicant name", "Award year", "Project end reason", "End user", "Contact to", "Title of call",
    "Recipient type", "Recipient city", "Abstract number", "Description type", "Report end date", "Operation postcode", "Total expenditure of the operation", "Mode of operation", "Project manager name", "Program name", "Program title", "Study title", "Call end date", "Abstract text language", "Start month", "Donor: ID", "Account: Account Name", "To", "Desde",
    "End of the project means the end of what was paid for",
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "name"), [(field, name) for field, names in SAID.items() for name in names]
)
def test_words_that_only_qualify_do_not_hide_the_field(field, name):
    assert field_of(name)[1] == field


@pytest.mark.parametrize("name", SAYS_ANOTHER_THING)
def test_a_word_of_another_thing_makes_it_no_field(name):
    assert not field_of(name)[1]


@pytest.mark.parametrize(
    "name",
    [
        "Valor do contrato",
        "Total amount awarded",
        "Importe concedido",
        "Fördersumme in EUR",
        "Amount Awarded to Date",
        "Current Dollar Amount",
        "Project total budget",
        "Fundo Aprovado",
        "Coût total du projet",
    ],
)
def test_an_amount_is_one_however_it_is_qualified(name):
    assert kind_of(name) == "amount"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Program/ Programme", "programme"),
        ("Pays / Country", "country"),
        ("Wartość projektu (PLN)/ Total project value (PLN)", "amount"),
        ("Total project value (PLN)", "amount"),
        # Two things, or one that only stands beside the other.
        ("Région / Country", ""),
        ("Budget period", ""),
        ("Fundo Social Europeu", ""),
        ("Organization/Country", ""),
    ],
)
def test_a_heading_in_two_languages_is_about_what_both_say(name, kind):
    assert kind_of(name) == kind


def test_a_number_that_a_search_engine_gives_is_an_id():
    assert layout_of(("_id", "title")).ids_count_rows
    assert not layout_of(("_index", "_id", "title")).ids_count_rows


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sector.name", "theme"),
        ("recipient_country.label", "country"),
        ("funder.title", "funder"),
        ("user.name", ""),
    ],
)
def test_the_name_of_a_thing_is_the_thing(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("attributes.country", "country"),
        ("fields.Countries", "country"),
        ("acf.field_sector.name", "theme"),
        ("data.attributes.field_country.value", "country"),
        ("project.theme", "theme"),
        ("field_funder", "funder"),
        # What stands in another thing is of that.
        ("user.country", ""),
        ("attributes.user.country", ""),
        ("properties", ""),
    ],
)
def test_what_a_column_is_about_does_not_hang_on_the_objects_of_an_export(name, kind):
    assert kind_of(name) == kind


def test_a_usual_name_is_surer_than_a_composed_one():
    layout = layout_of(("title", "Estimated start of the project", "Start date"))
    assert layout.start == 2
    assert dict(layout.extra) == {"Estimated start of the project": 1}


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (
            ("Prosjektnr", "Prosjekttittel", "Startdato", "Sluttdato", "Mottaker"),
            {"id", "title", "start", "end", "grantee"},
        ),
        (
            ("Diarienummer", "Projekttitel", "Sammanfattning", "DatumStart", "DatumSlut", "Koordinator"),
            {"id", "title", "description", "start", "end", "grantee"},
        ),
        (
            ("Projectnaam", "Samenvatting", "Startdatum", "Einddatum", "Aanvrager"),
            {"title", "description", "start", "end", "grantee"},
        ),
        (
            ("Hankkeen nimi", "Rahoituskausi alkaa", "Rahoituskausi päättyy", "Hakija"),
            {"title", "start", "end", "grantee"},
        ),
        (("Tytuł projektu", "Nazwa beneficjenta", "Opis"), {"title", "grantee", "description"}),
    ],
)
def test_headings_of_the_north_and_east_are_known(names, fields):
    assert {field_of(name)[1] for name in names} == fields


def test_days_come_first_under_headings_of_the_north():
    assert language_of(("Projekttitel", "Startdatum", "Slutdatum")) == "Swedish"
    assert language_of(("Prosjekttittel", "Startdato")) == "Danish or Norwegian"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Institution-Établissement", "grantee"),
        ("Tytuł projektu/ Project name", "title"),
        ("StartDate_DateDebut", "start"),
        ("Titel / Title", "title"),
        ("Skrócony cel projektu/ Project summary", "description"),
        ("Start / End", "span"),
        ("Title / Grantee", ""),
        ("Start date / Place", ""),
        ("Project_Número", ""),
        ("Name_Größe", ""),
        ("Bénéficiaire-Département", ""),
        ("Organization/Department", ""),
        # What separates the languages counts, not a mark within one of them.
        ("Project-name / Название", "title"),
        ("Project_Title / Название", "title"),
        ("Organization-Name / Organisme", "grantee"),
        ("Non-Profit / Größe", ""),
    ],
)
def test_a_heading_in_two_languages_says_what_both_say(name, field):
    assert field_of(name)[1] == field


def test_an_actual_date_counts_before_a_planned_one_which_stands_in_where_it_is_empty():
    names = (
        "Title",
        "Planned start date",
        "Actual start date",
        "End (expected)",
        "End (actual)",
        "End reason",
    )
    layout = layout_of(names)
    assert (layout.start, layout.end) == (2, 4)
    assert layout.others == ((2, (1,)), (4, (3,)))
    assert layout.date_places() == (2, 4, 1, 3)


def test_the_dates_of_a_programme_count_where_the_project_has_none():
    names = ("Title", "ProgramStartDate", "Operation start date", "ProgramEndDate")
    layout = layout_of(names)
    assert (layout.start, layout.end) == (2, 3)
    assert layout.others == ()


@pytest.mark.parametrize("field", SYNONYMS)
def test_a_usual_name_is_surer_than_one_with_something_in_parentheses(field):
    keys = [key for key, (_, named) in FIELDS_BY_KEY.items() if named == field]
    surest = keys[0]
    assert max(field_of(key)[0] for key in keys) < field_of(f"{surest} (first)")[0]


def test_no_other_date_stands_in_for_one():
    layout = layout_of(("Title", "Start date", "Contract start date", "Membership start date"))
    assert (layout.start, layout.others) == (1, ())


def test_the_long_description_counts_before_the_short_one():
    layout = layout_of(("title", "short_description", "long_description"))
    assert layout.description == 2


def test_a_number_alone_is_no_year_where_a_length_is_counted():
    assert not layout_of(("Title", "Duration of the project")).bare_years
    assert layout_of(("Title", "Period of the project")).bare_years


def test_a_year_is_asked_about_where_no_dates_are_known():
    names = ["Title", "Award year", "Place"]
    assert [*missing(names, {"title"}, names[1:])] == [("when a project starts or ends", ["Award year"])]


def test_what_was_paid_to_date_is_no_end():
    assert layout_of(("Title", "Start", "Total to date")).end == -1
    assert layout_of(("Title", "End of Period", "Loan")).end == -1
    assert layout_of(("Title", "Period start", "Period end")).end == 2
    layout = layout_of(("Title", "Grant from date", "Grant to date"))
    assert (layout.start, layout.end) == (1, 2)


def test_a_recipient_with_a_region_is_a_country_and_no_grantee():
    layout = layout_of(("title", "recipient", "recipient_iso3", "implementing_agency"))
    assert layout.grantee == 3
    assert layout_of(("title", "recipient", "implementing_agency")).grantee == 1


def test_who_benefits_counts_before_who_coordinates():
    layout = layout_of(("Title", "Coordinator", "Name of beneficiary"))
    assert layout.grantee == 2


def test_a_year_is_not_asked_about_where_dates_are_known():
    assert nearest("Year", {"start", "end"}) == ""
    assert nearest("Durations", {"title"}) == "span"


def test_of_a_title_in_several_languages_the_english_one_counts():
    layout = layout_of(("Projet.Titre.Francais", "Projet.Titre.Anglais", "Projet.Resume.Francais"))
    assert (layout.title, layout.description) == (1, 2)


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (("ProjectTitleSv", "ProjectTitleEn"), {1: (0,)}),
        (("Project title (original)", "Project title (English)"), {1: (0,)}),
        (("Title", "Beneficiary name FR", "Beneficiary name EN"), {2: (1,)}),
        (("Title", "Summary", "Description", "Scientific abstract"), {2: (1, 3)}),
        # Who else has a name, or what else a title, is not the same in another language.
        (("Name", "Name", "Grantee", "Recipient"), {}),
        (("Project title", "Proposal title"), {}),
    ],
)
def test_another_language_or_description_stands_in_where_the_first_is_empty(names, fields):
    assert dict(layout_of(names).others) == fields


def test_who_receives_counts_before_the_institution_where_research_is_done():
    layout = layout_of(("title", "research_organization_name", "recipient_legal_name"))
    assert layout.grantee == 2


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("Title", "First name", "Surname", "Project title"), 3),
        (("Project title", "Title", "Surname"), 0),
        (("Grant ref", "Title", "Surname", "Project", "Name of the project"), 4),
        # Nothing else says what the project is called, or nobody is named beside it.
        (("Title", "Surname", "Start"), 0),
        (("Title", "Start", "Surname", "Project"), 0),
    ],
)
def test_how_a_person_is_addressed_is_no_title_of_a_project(names, place):
    assert layout_of(names).title == place


def test_an_organisation_in_a_role_is_asked_about():
    names = ["Activity title", "Start", "Participating Org (Implementing)"]
    assert [*missing(names, {"title", "start"}, names[2:])] == [
        ("who the grantee is", ["Participating Org (Implementing)"])
    ]


@pytest.mark.parametrize(
    "name", ["Projektnummer", "Unique Identifier", "FKZ", "Activity ID", "iati-identifier", "Grant: ID"]
)
def test_ids_of_other_publishers_are_ids(name):
    assert field_of(name)[1] == "id"


def test_a_list_with_descriptions_and_no_titles_takes_their_first_sentences():
    layout = layout_of(("Award number", "Description", "Start", "Recipient"))
    assert layout.title_from == layout.description == 1
    assert layout_of(("Description", "Start", "Notes")) is None
    layout = layout_of(("Grantee", "Purpose", "Amount", "Term"))
    assert (layout.title_from, layout.grantee) == (1, 0)
    # What is bought of whom is no list of grants.
    assert layout_of(("Organization", "Description", "Amount")) is None


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Název projektu", "title"), ("Příjemce", "grantee"), ("Datum zahájení", "start"), ("Datum ukončení", "end"),
        ("Popis projektu", "description"), ("Registrační číslo projektu", "id"), ("Designação Operação", "title"),
        ("Código Operação", "id"), ("NÚMERO CONVÊNIO", "id"), ("Bénéficiaire primaire", "grantee"),
    ],
    ids=str,
)  # fmt: skip
def test_headings_of_czech_portuguese_and_french_lists_name_fields(name, field):
    assert field_of(name)[1] == field


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Výše dotace", "amount"), ("Kraj", "region"), ("Development partner", "funder")],
    ids=str,
)
def test_columns_of_such_lists_are_known(name, kind):
    assert kind_of(name) == kind
