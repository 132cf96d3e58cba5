"""IATI activities, of version 1 and 2 of the standard: what elements and attributes say, as columns.

An activity says most things in attributes, by codes. Texts stand in a `narrative` for each language; English
is taken, else the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Codes of version 2; version 1 has the words.
_DATES = {"1": "start-planned", "2": "start-actual", "3": "end-planned", "4": "end-actual"}
_ROLES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
_STATUSES = {
    "1": "Pipeline",
    "2": "Implementation",
    "3": "Finalisation",
    "4": "Closed",
    "5": "Cancelled",
    "6": "Suspended",
}
_CODED = ("recipient-country", "recipient-region", "sector")


def columns(activity: Element) -> dict[str, object]:
    """Return the columns of an `iati-activity`, the same ones for each."""
    found = {
        "iati-identifier": _text(activity.find("iati-identifier")),
        "title.narrative": _narrative(activity.find("title")),
        "description.narrative": _joined(map(_narrative, activity.findall("description")), " "),
        **{f"activity-date.{kind}": "" for kind in _DATES.values()},
        **{f"participating-org.{role}": "" for role in _ROLES.values()},
        "reporting-org": _narrative(activity.find("reporting-org")),
        "activity-status": _status(activity.find("activity-status")),
    }
    for name in _CODED:
        found[name] = _joined(_named(one) for one in activity.findall(name))
    for date in activity.findall("activity-date"):
        kind = _DATES.get(date.get("type", ""), date.get("type", "")).lower()
        found[f"activity-date.{kind}"] = date.get("iso-date") or _text(date)
    for role in _ROLES.values():
        found[f"participating-org.{role}"] = _joined(_organisations(activity, role))
    found["default-currency"] = activity.get("default-currency", "")
    found["budget.value"] = _budget(activity)
    found["activity-website"] = _joined(map(_text, activity.findall("activity-website")))
    return {name: found[name] for name in found if name}


def of_the_datastore(record: dict[str, object]) -> dict[str, object]:
    """Return a record of JSON, one of the IATI datastore with what its lists say beside each other.

    There the types of dates stand in one list and the dates in another; any other record stays as it is.
    """
    if not {"iati_identifier", "title_narrative"} <= record.keys():
        return record
    dates = _paired(record, "activity_date_type", "activity_date_iso_date", _DATES)
    roles = _paired(record, "participating_org_role", "participating_org_narrative", _ROLES)
    found: dict[str, object] = {f"date.{kind}": said[-1] for kind, said in dates.items()}
    found |= {f"organisation.{role}": "; ".join(dict.fromkeys(said)) for role, said in roles.items()}
    titles, languages = _texts(record, "title_narrative"), _texts(record, "title_narrative_xml_lang")
    english = languages.index("en") if "en" in languages and len(languages) == len(titles) else 0
    found["title_narrative"] = titles[english] if titles else ""
    found["description_narrative"] = " ".join(dict.fromkeys(_texts(record, "description_narrative")))
    return record | found


def _paired(record: dict[str, object], codes: str, texts: str, named: dict[str, str]) -> dict[str, list[str]]:
    """Return what one list says by what another calls it; nothing where their lengths differ."""
    called, said = _texts(record, codes), _texts(record, texts)
    found: dict[str, list[str]] = {}
    for code, text in zip(called, said, strict=True) if len(called) == len(said) else ():
        if code in named:
            found.setdefault(named[code], []).append(text)
    return found


def _texts(record: dict[str, object], name: str) -> list[str]:
    value = record.get(name) or []
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _budget(activity: Element) -> str:
    """Return what the budgets of all periods come to, or each of them where that cannot be said.

    A revised budget stands for the original one of its period.
    """
    usual = activity.get("default-currency", "")
    budgets: dict[object, tuple[str, str]] = {}
    for one in sorted(activity.findall("budget"), key=lambda one: one.get("type", "1")):
        period = _attribute(one, "period-start", "iso-date"), _attribute(one, "period-end", "iso-date")
        currency = _attribute(one, "value", "currency") or usual
        # Without a period each is one of its own.
        budgets[period if any(period) else len(budgets)] = _text(one.find("value")), currency
    said = [(value, currency) for value, currency in budgets.values() if value]
    try:
        total = sum(Decimal(value) for value, _ in said)
    except InvalidOperation:
        return _joined(value for value, _ in said)
    if len({currency for _, currency in said}) != 1:
        return "; ".join(f"{value} {currency}".strip() for value, currency in said)
    value, currency = said[0]
    named = f" {currency}" if currency != usual else ""
    return f"{total:f}{named}" if len(said) > 1 or named else value


def _attribute(element: Element, child: str, name: str) -> str:
    found = element.find(child)
    return "" if found is None else found.get(name, "")


def _organisations(activity: Element, role: str) -> Iterator[str]:
    for one in activity.findall("participating-org"):
        if _ROLES.get(one.get("role", ""), one.get("role", "")).lower() == role:
            yield _narrative(one) or one.get("ref", "")


def _status(element: Element | None) -> str:
    if element is None:
        return ""
    code = element.get("code", "")
    return _narrative(element) or _STATUSES.get(code, code)


def _named(element: Element) -> str:
    return _narrative(element) or element.get("code", "")


def _narrative(element: Element | None) -> str:
    if element is None:
        return ""
    narratives = element.findall("narrative")
    if not narratives:
        return _text(element)
    english = [one for one in narratives if one.get(_LANGUAGE, "").lower().startswith("en")]
    plain = [one for one in narratives if not one.get(_LANGUAGE)]
    return _text((english or plain or narratives)[0])


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _joined(texts: Iterator[str] | map[str], mark: str = "; ") -> str:
    return mark.join(dict.fromkeys(filter(None, texts)))
