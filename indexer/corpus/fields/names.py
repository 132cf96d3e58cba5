"""What columns are usually called, in six languages of Europe, the surest name first.

Names are compared without case, accents, spaces and marks: "Start Date", `start_date` and "StartDate" are
one, and so are "Fecha de inicio" and `fecha_de_inicio`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from indexer.corpus.fields import languages
from indexer.corpus.fields.composed import (
    composed_field,
    is_translated,
    later,
    unwrapped,
    without_language,
)

Kind = Literal[
    "", "amount", "currency", "country", "region", "theme", "programme", "funder", "reference", "link",
    "status",
]  # fmt: skip

SYNONYMS = {
    "id": "id project_id grant_id award_id identifier award_number grant_number project_number project_no"
    " grant_no award_no id_proyecto id_del_proyecto codigo_del_proyecto codigo_proyecto numero_de_proyecto"
    " identificador id_projet code_du_projet code_projet numero_du_projet numero_de_projet identifiant"
    " id_projeto id_do_projeto codigo_do_projeto codigo_projeto numero_do_projeto projektnummer projekt_nr"
    " forderkennzeichen fkz activity_id activity_identifier iati_identifier unique_identifier unique_id"
    " operation_unique_identifier initiative_id numero_do_convenio numero_convenio codigo_operacao",
    "title": "title project_title project_name grant_title award_title name_of_project title_of_project"
    " name_of_the_project grant_name award_name name primary_column"
    " project titulo titulo_del_proyecto nombre_del_proyecto titulo_do_projeto nome_do_projeto titre"
    " titre_du_projet intitule_du_projet nom_du_projet intitule nombre nome proyecto projet projeto"
    " projekttitel titel projektname vorhaben titolo titolo_del_progetto nome_del_progetto progetto"
    " objet objeto thema oggetto libelle libelle_du_projet objeto_da_proposta objeto_do_convenio"
    " activity_name initiative_name initiative_title application_title subject_of_grant_or_contract"
    # what the funds of the European Union call a project
    " operation_name name_of_operation nom_de_l_operation nombre_de_la_operacion nome_da_operacao"
    " designacao_da_operacao designacao_operacao designacao_do_projeto"
    " nome_dell_operazione denominazione_operazione bezeichnung_des_vorhabens name_des_vorhabens",
    "description": "description project_description grant_description award_description abstract"
    " abstract_text project_abstract summary project_summary purpose objective objectives project_objective"
    " descripcion descripcion_del_proyecto resumen resumen_del_proyecto objetivo objetivo_general"
    " description_du_projet resume resume_du_projet descriptif objectif objectifs descricao"
    " descricao_do_projeto resumo resumo_do_projeto objetivo_geral beschreibung kurzbeschreibung"
    " projektbeschreibung zusammenfassung descrizione riassunto sintesi",
    "start": "start_date start project_start project_start_date award_start_date grant_start_date begin_date"
    " date_start begin beginning_date date_from starting_date actual_start_date planned_start_date"
    " period_of_performance_start_date fecha_de_inicio fecha_inicio fecha_inicial inicio date_de_debut"
    " date_debut debut date_de_demarrage data_de_inicio data_inicio data_inicial inicio_do_projeto beginn"
    " startdatum projektbeginn laufzeitbeginn data_inizio data_di_inizio inizio",
    "end": "end_date end project_end project_end_date award_end_date grant_end_date finish_date finish"
    " date_end exp_date expiration_date completion_date date_to ending_date actual_end_date planned_end_date"
    " period_of_performance_end_date closing_date fecha_de_fin fecha_fin fecha_final fecha_de_finalizacion"
    " fecha_de_termino fecha_de_cierre finalizacion date_de_fin date_fin date_de_cloture data_de_fim data_fim"
    " data_final data_de_termino data_de_encerramento data_de_conclusao termino fim fin ende enddatum"
    " projektende laufzeitende data_fine data_di_fine fine",
    "span": "dates project_dates grant_dates period project_period grant_period award_period project_term"
    " grant_term award_term period_of_performance performance_period project_duration duration periodo"
    " periodo_de_ejecucion vigencia periode periode_du_projet periodo_de_execucao duracion duree duracao"
    " fiscal_year fy years year ejercicio exercice exercicio annee ano laufzeit durata projektlaufzeit"
    " projektzeitraum forderzeitraum gesamtlaufzeit bewilligungszeitraum zeitraum",
    "grantee": "grantee grantee_name name_of_grantee recipient recipient_name name_of_recipient"
    " grant_recipient recipient_org_name recipient_legal_name recipient_organization recipient_organisation"
    " recipient_organization_name recipient_organisation_name awardee awardee_name awardee_organization"
    " beneficiary beneficiary_name implementer contractor implementing_organization implementing_organisation"
    " implementing_partner implementing_agency implementing_organizations implementing_organisations"
    " implementing_partners implementing_agencies executing_agencies executing_agency lead_organization"
    " lead_organisation organization organisation organization_name organisation_name org_name institution"
    " institution_name awarded_to awardee_institution beneficiario entidad_beneficiaria"
    " nombre_del_beneficiario entidad_ejecutora organismo_ejecutor ejecutor adjudicatario socio_ejecutor"
    " organizacion institucion entidad beneficiaire nom_du_beneficiaire organisme_beneficiaire"
    " organisation_beneficiaire porteur_du_projet porteur_de_projet porteur attributaire agence_d_execution"
    " organisme entidade_beneficiaria nome_do_beneficiario entidade_executora executor proponente convenente"
    " organizacao instituicao entidade research_institution research_organisation research_organization"
    " host_institution host_organisation host_organization lead_institution lead_research_organisation"
    " administering_organisation administering_institution admin_organisation performing_organization"
    " coordinating_organisation coordinating_institution receiving_organisation receiving_organization"
    " zuwendungsempfanger empfanger forderempfanger antragsteller beneficiario_del_contributo"
    " ente_beneficiario name_des_begunstigten bezeichnung_des_begunstigten nome_del_beneficiario"
    " denominazione_beneficiario name_of_beneficiary lead_partner lead_participant executing_agency_partner"
    " contracted_organisation contracted_organization participant_name delivery_partner"
    " organization_legal_name organisation_legal_name etablissement coordinator company company_name"
    " awarded_organisation awarded_organization awarded_institution applicant_organisation"
    " applicant_organization lead_applicant_organisation lead_applicant_organization grant_holder"
    " award_holder fund_recipient vendor vendor_name supplier supplier_name charity_name"
    " research_body durchfuhrungsorganisation",
}

# What other columns are about, for those who narrow by them.
KINDS: dict[Kind, str] = {
    "amount": "amount award_amount amount_awarded grant_amount funding funding_amount total_funding budget"
    " total_budget value total_amount award_value total_cost total_award total_obligated_amount cost"
    " funds_obligated_amt monto importe presupuesto valor montant budget_total subvention orcamento montante"
    " valor_total quantia fordersumme fordermittel betrag importo gesamtbudget gesamtkosten total_commitment"
    " current_total_commitment commitment_amount auftragsvolumen",
    "currency": "currency currency_code amount_currency amount_currency_code award_currency grant_currency"
    " budget_currency value_currency funding_currency project_currency currency_of_commitment"
    " moneda divisa devise monnaie moeda",
    "country": "country countries country_name recipient_country beneficiary_country location_country"
    " country_of_implementation countries_of_implementation project_country pays_de_realisation pais paises"
    " pays land paese",
    "region": "region regions region_name state province zone regiao departamento provincia estado"
    " departement",
    "theme": "theme themes topic topics sector sectors subject subjects focus_area category activity_area"
    " focus_areas focal_area focal_areas tema temas sector_economico secteur thematique domaine setor"
    " area_tematica eixo keywords",
    "programme": "programme program programme_name program_name grant_programme grant_program"
    " funding_program programa linea_de_financiacion programme_de_financement linha_de_financiamento"
    " cfda_title assistance_listing assistance_listing_title call",
    "funder": "funder funder_name funding_organisation funding_organization funding_agency awarding_agency"
    " agency agency_name donor donor_name development_partner sponsor source_of_funds financiador"
    " entidad_financiadora donante bailleur bailleur_de_fonds financeur organisme_financeur financiadora"
    " entidade_financiadora doador",
    "reference": "reference reference_number ref project_reference grant_reference award_reference grant_ref"
    " agreement_number contract_number code project_code referencia codigo expediente reference_du_projet"
    " numero processo",
    "link": "link url website web_page webpage project_url more_information enlace pagina_web sitio_web lien"
    " site_web ligacao sitio",
    "status": "status project_status grant_status award_status estado_del_proyecto situacion statut situacao",
}

_NAME_ENDINGS = ("name", "title", "label", "nombre", "nome")
_MARKS = re.compile(r"[\W_]+")
# "Duration (months)" has numbers, and no dates.
_COUNTED = re.compile(
    r"\(\s*(?:in |en |em )?(?:days?|weeks?|months?|years?|d[ií]as?|m[eê]s(?:es)?|a[nñ]os?|jours|mois|ans|tage"
    r"|monaten?|jahren?|mesi|anni)\s*\)",
    re.IGNORECASE,
)
# "Recipient Org:0:Name", as spreadsheets say of the first of several.
_FIRST = re.compile(r"(?<=[:/.])0(?=[:/.])")
# "(USD)", "in euros", "(dd/mm/yyyy)"
_ASIDE = re.compile(r"\([^()]*\)|\b(?:in )?(?:usd|eur|euros?|gbp|us\$)\s*$", re.IGNORECASE)
# "Grant: Start Date", as reports of Salesforce have it; "Donor: ID" is of something else.
_OF_A_PROJECT = re.compile(r"(?:grant|award|project|funding (?:award|request)): +(?=\S)", re.IGNORECASE)
# What Drupal writes for each value of a field, in objects of their own: {"title": [{"value": "Schools"}]}.
_VALUE = ".value"
# "Titel / Title", "Projekt-Titel | Project title"
_TWICE = re.compile(r"\s*[/|]\s*|\s+[-\u2013\u2014]\s+")
# "Institution-\u00c9tablissement", "StartDate_DateDebut", where more often one half only says which:
# "Institution-Department".
_TWICE_TIGHT = re.compile(r"(?<=[^\W\d_])[-_](?=[A-Z\u00c0-\u00dd][a-z])")
# More than the usual names of any field, so that whatever makes one less sure comes after all of these.
_LESS_SURE = 1_000
_MEMO = 4_096


@lru_cache(maxsize=_MEMO)
def key_of(name: str) -> str:
    """Return a name of a column as names are compared: "Fecha de Inicio" -> "fechadeinicio"."""
    if not name.isascii():
        name = "".join(
            char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)
        )
    return _MARKS.sub("", _FIRST.sub("", name).casefold())


_OTHERS = languages.FIELDS | languages.KINDS
FIELDS_BY_KEY = {
    key_of(name): (rank, field)
    for field, names in SYNONYMS.items()
    for rank, name in reversed([*enumerate(f"{names} {_OTHERS.get(field, '')}".split())])
}
_KIND_OF: dict[str, Kind] = {
    key_of(name): kind for kind, names in KINDS.items() for name in f"{names} {_OTHERS.get(kind, '')}".split()
}


def field_of(name: str) -> tuple[int, str]:
    """Return how sure a column name is, 0 the surest, and the field it means; ("" if none).

    What stands in parentheses makes it less sure, "Start date (dd/mm/yyyy)", and so do words that qualify it.
    """
    rank, field = FIELDS_BY_KEY.get(key_of(name), (0, ""))
    if not field and "(" in name:
        rank, field = _without_aside(name)
    if field == "span" and _COUNTED.search(name):
        return 0, ""
    if not field and FIELDS_BY_KEY.get(_named_thing(name), (0, ""))[1] == "grantee":
        return _LESS_SURE, "grantee"
    if not field and name.endswith(_VALUE):
        rank, field = field_of(name.removesuffix(_VALUE))
        return rank + _LESS_SURE, field
    if not field and len(halves := _TWICE.split(name)) == 2:
        rank, field = _said_twice(halves, both=False)
    elif not field and len(halves := _TWICE_TIGHT.split(name)) == 2 and not _TWICE.search(name):
        rank, field = _said_twice(halves, both=True)
    if not field and (of := _OF_A_PROJECT.match(name)):
        rank, field = field_of(name[of.end() :])
        return rank + _LESS_SURE, field
    if not field and (plain := without_language(name)) != name:
        rank, field = field_of(plain)
        rank += 2 * _LESS_SURE + is_translated(name)
    if not field and (composed := composed_field(name)) in SYNONYMS:
        rank, field = 2 * _LESS_SURE + is_translated(name), composed
    return rank + (later(name) if rank >= _LESS_SURE else 0), field


def _without_aside(name: str) -> tuple[int, str]:
    rank, field = field_of(_ASIDE.sub(" ", name).replace("(", " "))
    # "Vigência (início)" and "Vigência (término)" are one date each.
    if field == "span" and (bound := composed_field(name)) in ("start", "end"):
        return 2 * _LESS_SURE, bound
    return rank + _LESS_SURE, field


def _said_twice(halves: list[str], *, both: bool) -> tuple[int, str]:
    """Return what a heading in two languages means, of which one may be unknown unless `both` have to say it.

    That one has letters that English has not: *Organization/Department* says two things.
    """
    (rank, field), (other_rank, other) = map(field_of, halves)
    if field == other:
        return max(rank, other_rank) + 2 * _LESS_SURE, field
    if both or (field and other) or halves[1 if field else 0].isascii():
        return 0, ""
    return max(rank, other_rank) + 2 * _LESS_SURE, field or other


def kind_of(name: str) -> Kind:
    """Return what a column that is no field of a project is about, "" if its name does not say."""
    plain = _ASIDE.sub(" ", name)
    kind = _KIND_OF.get(key_of(name)) or _KIND_OF.get(key_of(plain))
    if not kind and (thing := _named_thing(name)):
        kind = _KIND_OF.get(thing)
    if not kind and (bare := unwrapped(name)) != name:
        return kind_of(bare)
    if not kind and len(halves := _TWICE.split(name)) == 2:
        kind = _kind_said_twice(*map(kind_of, halves), *halves)
    return kind or ("amount" if "amount" in (composed_field(name), composed_field(plain)) else "")


def _kind_said_twice(kind: Kind, other: Kind, half: str, other_half: str) -> Kind:
    """Return what a heading in two languages is about, where both say so or the other has foreign letters."""
    if kind == other or (kind and not other and not other_half.isascii()):
        return kind
    return other if other and not kind and not half.isascii() else ""


def _named_thing(name: str) -> str:
    """Return the key of what a column gives the name of: "lead_organisation.name" -> "leadorganisation"."""
    key = key_of(name)
    return next((key.removesuffix(end) for end in _NAME_ENDINGS if key.endswith(end)), "")
