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
    " demarrage beginn beginns anfang inizio avvio",
    "end": "end ends ended ending finish completion expiration expiry termination fin fim final"
    " finalizacion finalizacao termino terminacion conclusion conclusao cierre cloture encerramento ende"
    " endes fine scadenza achevement",
    "title": "title titles titulo titre intitule titel titolo",
    "description": "description descriptions abstract summary objective objectives purpose objectif objectifs"
    " objetivo objetivos descripcion resumen resume descriptif descricao resumo beschreibung kurzbeschreibung"
    " zusammenfassung descrizione riassunto sintesi",
    "grantee": "grantee recipient awardee beneficiary beneficiario beneficiaria beneficiaire attributaire"
    " proponente begunstigten convenente adjudicatario empfanger zuwendungsempfanger",
    "amount": "amount montant monto importe valor value betrag fordersumme importo",
}
# Words that name a start or an end beside one that speaks of time.
_BOUNDS = {"start": "from since desde depuis von ab dal", "end": "to until till hasta ate jusqu bis al"}
_TIME = set(
    "date dates day days fecha fechas data datum period periode periodo vigencia vigence duration duracion"
    " duree duracao laufzeit durata term timeline schedule plazo execution ejecucion execucao".split()
)
# Words that change nothing: a heading may have them and still mean the field.
_QUALIFYING = _TIME | set(
    # what is given
    "project projects grant grants award awards contract agreement activity proyecto projet projeto projekt"
    " projecto processo proceso"
    " progetto subvention subvencion subvencao beca convenio convenios contrato convention accion action acao"
    " vorhaben vorhabens zuwendung contributo operation operacion operacao operazione"
    # how it is meant
    " actual planned expected estimated anticipated projected proposed current original revised official"
    " previsto prevista prevue prevu estimado estimada real reelle previsionnelle efectiva"
    " effective effectif operational operationnel operationnelle total totale"
    " global short long full brief corto largo geplant"
    # where it stands in a record of another form
    " attributes properties fields field node record item info details acf meta rendered"
    # small words
    " of the de del dell di du des da do das dos la le les el los l d en in der die das il".split()
)
# Languages other than English: of a title in several languages the English one comes first.
_LANGUAGES = set(
    "french fr francais frances francese franzosisch spanish es espanol espagnol spagnolo spanisch german"
    " deutsch allemand aleman tedesco portuguese pt portugues portugais italian italiano italien dutch nl"
    " swedish norwegian danish finnish".split()
)
_ENGLISH = set("english en eng englisch anglais ingles inglese".split())
_QUALIFYING |= _LANGUAGES | _ENGLISH
# Words that qualify only what receives or is paid.
_QUALIFYING_ONE = {
    "grantee": set(
        "name nom nombre nome organization organisation legal entity official institucion instituicao entidad"
        " entidade organismo".split()
    ),
    "amount": set(
        "awarded approved granted committed obligated paid funding concedido concedida aprobado aprobada"
        " aprovado aprovada adjudicado otorgado accorde attribue verse octroi octroye bewilligt concesso"
        " usd eur euro euros gbp brl mxn us".split()
    ),
}
# Words of headings that may be meant for a date, or for who receives, and do not say so.
_DAYS = set("date dates fecha fechas datum".split())
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
    has_time = any(word in _TIME for word in words)
    found = {field: word for word in words if (field := _named(word, has_time=has_time))}
    if found.keys() == {"start", "end"}:
        rest = {*words} - _QUALIFYING - _JOINING - {*found.values()}
        return "" if rest else "span"
    if len(found) != 1:
        return ""
    (field,) = found
    of_it = {word for word in words if _named(word, has_time=has_time) == field}
    rest = {*words} - _QUALIFYING - of_it - _QUALIFYING_ONE.get(field, set())
    return "" if rest else field


def is_translated(name: str) -> bool:
    """Return whether a heading says that its column is in another language than English."""
    return not _LANGUAGES.isdisjoint(words_of(name))


def without_language(name: str) -> str:
    """Return a heading without the language that it ends with: "Project_Name_English" -> "project name"."""
    words = words_of(name)
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in _LANGUAGES | _ENGLISH else name


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
    return _FIELD_OF.get(word) or (_BOUND_OF.get(word, "") if has_time else "")
