"""What a heading of several words says: the word that names a field, among words that only qualify it.

"Início da Vigência", "Estimated completion of the project" and "dates.start" are in no list of names; but
each has one word that says which field it is, and no word that makes it anything else. "Application start
date" has one that does: an application is no project.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Words that name a field by themselves.
_NAMING = {
    "start": "start starts started begin begins beginning commencement inicio inicial comienzo debut"
    " projektbeginn laufzeitbeginn demarrage beginn beginns anfang inizio avvio",
    "end": "end ends ended ending finish completion expiration expiry termination fin fim final"
    " finalizacion finalizacao termino terminacion conclusion conclusao cierre cloture encerramento ende"
    " endes projektende laufzeitende fine scadenza achevement",
    "title": "title titles titulo titre intitule titel titolo objet objeto oggetto",
    "description": "description descriptions abstract summary objective objectives purpose objectif objectifs"
    " objetivo objetivos descripcion resumen resume descriptif descricao resumo beschreibung kurzbeschreibung"
    " zusammenfassung descrizione riassunto sintesi",
    "grantee": "grantee recipient awardee beneficiary beneficiario beneficiaria beneficiaire attributaire"
    " proponente begunstigten convenente adjudicatario empfanger zuwendungsempfanger",
    "amount": "amount montant monto importe valor value betrag fordersumme importo fundo budget budgets"
    " presupuesto orcamento cost costs costo coste custo cout",
}
# Words for amounts that are something else beside one that speaks of time: "Budget period".
_BUDGETS = set("budget budgets cost costs fundo".split())
# Words that name both dates, where the others only say of what; and of these, those that count a length.
_LENGTHS = set("duration duracion duree duracao durata".split())
_SPANS = _LENGTHS | set(
    "dates period periods periode periodo timeframe timeline zeitraum laufzeit vigencia vigence".split()
)
# Words that name a start or an end beside one that speaks of time.
_BOUNDS = {"start": "from since desde depuis von ab dal", "end": "to until till hasta ate jusqu bis al"}
_TIME = set(
    "date dates day days fecha fechas data datum period periode periodo vigencia vigence duration duracion"
    " duree duracao laufzeit durata term timeframe timeline schedule plazo execution ejecucion execucao"
    " zeitraum periods".split()
)
# Words that change nothing: a heading may have them and still mean the field.
_QUALIFYING = _TIME | set(
    # what is given
    "project projects grant grants award awards contract agreement activity proyecto projet projeto projekt"
    " projecto processo proceso"
    " progetto subvention subvencion subvencao beca convenio convenios contrato convention accion action acao"
    " vorhaben vorhabens zuwendung contributo operation operacion operacao operazione"
    " proj pop performance funding implementation implementacion implementacao realisation realizacion"
    " realizzazione esecuzione attuazione"
    # how it is meant
    " actual planned expected estimated anticipated projected proposed current original revised official"
    " previsto prevista prevue prevu estimado estimada real reelle previsionnelle efectiva"
    " effective effectif effettiva operational operationnel operationnelle total totale"
    " global short long full brief corto largo geplant geplante geplanter geplantes"
    # small words
    " of the de del dell di du des da do das dos la le les el los l d en in der die das il".split()
)
# Languages other than English: of a title in several languages the English one comes first.
_LANGUAGES = set(
    "french fr francais frances francese franzosisch spanish es espanol espagnol spagnolo spanisch german"
    " deutsch allemand aleman tedesco portuguese pt portugues portugais italian italiano italien dutch nl"
    " swedish norwegian danish finnish".split()
)
# As the last word of a heading only: elsewhere some mean other things, as "da" and "de" do.
_LANGUAGES_LAST = _LANGUAGES | set("sv da nb nn fi pl de it ro cs hu el ca original".split())
_ENGLISH = set("english en eng englisch anglais ingles inglese".split())
# Objects in which exports put what a record says, whatever it is of: attributes.country, acf.country.
_WRAPPING = set("attributes properties fields field node record item info details acf meta rendered".split())
_QUALIFYING |= _LANGUAGES | _ENGLISH | _WRAPPING
# The same as parts of a path, where what is given may stand around it as well.
_WRAPPED = _WRAPPING | {"data", "value", "project", "grant", "award"}
# What is given under other names, each with a name and text of its own: "Program title" is no project's.
_SPANNING = set(
    "program programme programa programma initiative investment intervention study research fellowship"
    " scholarship studentship".split()
)
# Words that qualify only one field.
_QUALIFYING_ONE = {
    "title": set("proposal application public scientific".split()),
    "description": set(
        "proposal application public scientific technical non lay plain general text narrative".split()
    ),
    "grantee": set(
        "name nom nombre nome organization organisation legal entity official institucion instituicao entidad"
        " coordinating entidade organismo denom denominazione lead main prime primary principal first"
        " primaire principale".split()
    ),
    "start": _SPANNING | {"year"},
    "end": _SPANNING | {"year"},
    "amount": set(
        "awarded approved granted committed contracted signed offered obligated paid concedido concedida"
        " aprobado aprobada"
        " aprovado aprovada adjudicado otorgado accorde attribue verse octroi octroye bewilligt concesso"
        " usd eur euro euros gbp brl mxn us dollar dollars".split()
    ),
}
# Beside a word for what is given, and others that only qualify, a name is a title: "Nombre Proyecto".
_NAMES = set("name nombre nom nome naam navn namn".split())
_NAMED_THINGS = set(
    "project proj grant award activity operation initiative proyecto projet projeto projekt progetto"
    " actividad operacion operacao operazione activite atividade".split()
)
# Of the same date or text in several columns, what these say of it makes the column the later choice.
_LATER = {
    **dict.fromkeys("current revised official".split(), 1),
    **dict.fromkeys("short brief corto estimated estimado estimada anticipated expected".split(), 2),
    **dict.fromkeys("planned projected proposed previsto prevista prevue prevu previsionnelle".split(), 3),
    **dict.fromkeys("geplant geplante geplanter geplantes original year".split(), 3),
}
# Dates of the programme come after those of the project in it.
_OF_WHOLE = 4
# What a heading may say of a date beside what it is the date of.
_HOW_MEANT = _LATER.keys() | set("actual effective effectif efectiva effettiva real reelle".split())
# Words of headings that may be meant for a date, or for who receives, and do not say so.
_DAYS = set("date dates fecha fechas datum year years".split())
_BODIES = set(
    "org organisation organization institution university institute organizacion institucion organizacao"
    " instituicao universidad universidade universite organisme"
    " partner partners partenaire socio parceiro".split()
)
_JOINING = {"and", "y", "e", "et", "und", "to", "a"}
_FIELD_OF = {word: field for field, words in _NAMING.items() for word in words.split()}
_BOUND_OF = {word: field for field, words in _BOUNDS.items() for word in words.split()}
# Longer is a sentence.
_MOST_WORDS = 7
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MEMO = 4_096


@lru_cache(maxsize=_MEMO)
def composed_field(name: str) -> str:
    """Return the field of a heading, `amount` among them, or "" where its words do not agree on one.

    "Fecha de inicio y fin" -> "span".
    """
    words = words_of(name)
    if not 1 < len(words) <= _MOST_WORDS:
        return ""
    if is_to_date(name) and not _FIELD_OF.keys().isdisjoint(words[:-2]):
        # "Amount awarded to date": a sum so far, unless what stands before it names no field.
        words = words[:-2]
    has_time = any(word in _TIME for word in words)
    found = {field: word for word in words if (field := _named(word, has_time=has_time))}
    if found.keys() == {"start", "end"}:
        rest = {*words} - _QUALIFYING - _JOINING - {*found.values()}
        return "" if rest else "span"
    if not found and _NAMES & {*words} and _NAMED_THINGS & {*words}:
        return "" if {*words} - _QUALIFYING - _NAMES - _NAMED_THINGS else "title"
    if not found and _SPANS & {*words}:
        return "" if {*words} - _QUALIFYING else "span"
    if len(found) != 1:
        return ""
    (field,) = found
    of_it = {word for word in words if _named(word, has_time=has_time) == field}
    rest = {*words} - _QUALIFYING - of_it - _QUALIFYING_ONE.get(field, set())
    return "" if rest else field


def is_length(name: str) -> bool:
    """Return whether a heading speaks of a length of time: a number alone is no year there."""
    return not _LENGTHS.isdisjoint(words_of(name))


def says_who_receives(name: str) -> bool:
    """Return whether a heading has a word for who receives, "Grantee", and not one for any organisation."""
    return any(_FIELD_OF.get(word) == "grantee" for word in words_of(name))


def later(name: str) -> int:
    """Return by how much a heading is the later choice for what others say as well: planned after actual."""
    words = words_of(name)
    return max((_LATER.get(word, _OF_WHOLE if word in _SPANNING else 0) for word in words), default=0)


def without_how_meant(name: str) -> frozenset[str]:
    """Return the words of a heading but those for how a date is meant: "Planned start" -> start."""
    return frozenset(words_of(name)) - _HOW_MEANT


def is_to_date(name: str) -> bool:
    """Return whether a heading ends with "to date": an end beside a start, and else a sum so far."""
    return words_of(name)[-2:] == ["to", "date"]


def is_of_a_period(name: str) -> bool:
    """Return whether a heading says "End of period": an end beside a start, and else the day of a report."""
    return {*words_of(name)} in ({"end", "of", "period"}, {"period", "end"}, {"period", "end", "date"})


def says_from(name: str) -> bool:
    """Return whether a heading says that its dates are those from which on something is."""
    return "from" in words_of(name)


def is_translated(name: str) -> bool:
    """Return whether a heading says that its column is in another language than English."""
    words = words_of(name)
    return not _LANGUAGES.isdisjoint(words) or (len(words) > 1 and words[-1] in _LANGUAGES_LAST)


def whatever_language(name: str) -> frozenset[str]:
    """Return the words of a heading but those for its language: "Title (original)" -> title."""
    return frozenset(words_of(without_language(name))) - _LANGUAGES - _ENGLISH


def without_language(name: str) -> str:
    """Return a heading without the language that it ends with: "Project_Name_English" -> "project name"."""
    words = words_of(name)
    if len(words) < 2 or words[-1] not in _LANGUAGES_LAST | _ENGLISH:
        return name
    return " ".join(words[:-2] if words[-2] == "in" else words[:-1])


def unwrapped(name: str) -> str:
    """Return a heading without the objects that its column stands in: "attributes.field_country" -> country.

    What stands in an object of another kind is of that: "recipient.country" stays.
    """
    parts = [part.removeprefix("field_") for part in name.split(".")]
    kept = [part for part in parts if part.lower() not in _WRAPPED]
    return ".".join(kept) or name


def words_of(name: str) -> list[str]:
    """Return the words of a heading, in small letters without accents: "StartDate" -> start, date."""
    folded = unicodedata.normalize("NFKD", name)
    return [
        word.lower() for word in _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))
    ]


def speaks_of(name: str) -> set[str]:
    """Return the fields that single words of a heading name, whatever else it says; "day" for a date."""
    words = words_of(name)
    found = {_FIELD_OF[word] for word in words if word in _FIELD_OF}
    if len(words) == 1:
        # "From" and "To" by themselves may be meant for anything, dates among it.
        found |= {_BOUND_OF[word] for word in words if word in _BOUND_OF}
    return (
        found | {"day" for word in words if word in _DAYS} | {"grantee" for word in words if word in _BODIES}
    )


def _named(word: str, *, has_time: bool) -> str:
    if has_time and word in _BUDGETS:
        return ""
    return _FIELD_OF.get(word) or (_BOUND_OF.get(word, "") if has_time else "")
