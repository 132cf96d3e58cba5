"""How projects are dumped, as `dumping` does with all else: one by itself, hits, and near ones."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.document import Project, Status
from indexer.storage.history.moments import When
from search_app.results import Matched, ScorePart, TermMatch
from search_app.web.answers import LinkedHit, LinkedProject, LinkedSimilar
from search_app.web.api.json_values import Json, moment, own_fields, rounded
from search_app.web.highlighting import html_text


def project(linked: LinkedProject) -> Json:
    """Return what FullProjectSchema dumps."""
    return _project(linked.project, linked.status, linked.url) | {
        **_when(linked.when),
        "as_of": linked.as_of,
        "fields": own_fields(linked.fields),
        "extra": linked.extra,
    }


def similars(project_id: str, near: Iterable[LinkedSimilar]) -> Json:
    """Return what SimilarsSchema dumps."""
    return {"id": project_id, "results": [_similar(one) for one in near]}


def _project(project: Project, status: Status, url: str) -> Json:
    return {
        "id": project.id,
        "url": url,
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "start_date": project.start,
        "end_date": project.end,
        "status": status,
    }


def _when(when: When) -> Json:
    first, changed = (None if one is None else moment(one) for one in when)
    return {"first_seen": first, "last_changed": changed}


def hit(linked: LinkedHit) -> Json:
    """Return what HitSchema dumps."""
    shown = linked.hit
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = shown.description_cut
    found["score"] = rounded(shown.score)
    found["highlights"] = {
        "title": html_text(shown.title),
        "description": [html_text(fragment) for fragment in shown.description],
        "grantee": html_text(shown.grantee),
        "fields": {name: [html_text(one) for one in values] for name, values in shown.own.items()},
    }
    found["matched"] = _matched(shown.matched)
    found["meaning"] = None if shown.meaning is None else rounded(shown.meaning)
    found["fields"] = own_fields(shown.fields)
    found |= _when(shown.when)
    return found


def explained(linked: LinkedHit) -> Json:
    """Return what ExplainedHitSchema dumps."""
    return hit(linked) | {"explanation": [_score_part(part) for part in linked.hit.explanation]}


def _matched(matched: Matched) -> Json:
    return {
        "terms": [one.text for one in matched.terms],
        "missing": matched.missing,
        "through": [_term_match(one) for one in matched.terms],
    }


def _term_match(match: TermMatch) -> Json:
    return {"term": match.text, "words": match.words, "in": match.fields, "degree": match.degree}


def _score_part(part: ScorePart) -> Json:
    return {"name": part.name, "field": part.field, "score": rounded(part.score)}


def _similar(linked: LinkedSimilar) -> Json:
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = linked.similar.description_cut
    found["score"] = rounded(linked.similar.score)
    found["terms"] = linked.similar.terms
    return found


def related(linked: LinkedSimilar) -> Json:
    """Return what RelatedSchema dumps."""
    found = _project(linked.project, linked.status, linked.url)
    found["description_cut"] = linked.similar.description_cut
    found["meaning"] = rounded(linked.similar.score)
    found["sentence"] = linked.similar.sentence
    return found
