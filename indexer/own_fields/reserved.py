"""Names that no field of a corpus may have: they mean something else in an address, an answer or a query.

The read path is not imported here; a test holds this list against its parameters.
"""

from __future__ import annotations

# Parameters of a search and of the pages.
_PARAMETERS = """
q op expand explain sort page per_page facets as_of status status_not grantee grantee_not active_from
active_to active_on start_from start_to end_from end_to active_year start_year end_year added_from
added_to changed_from changed_to date_mode from to view columns chart find listed meaning format
"""
# Fields of a query, members of a project and of an answer, and columns of an export.
_MEMBERS = """
id title description start end start_date end_date score url matched fields totals total related relaxed
added changed source any
"""
RESERVED = frozenset((_PARAMETERS + _MEMBERS).split())
