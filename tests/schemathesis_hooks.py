"""Turn round what an OpenAPI document cannot forbid: a range that ends before it begins.

That such a range is refused is tested by name; here every request that fits the document is to be
answered. `schemathesis.toml` names this module, for whoever runs schemathesis against a server.
"""

import schemathesis


@schemathesis.hook
def map_query(context, query):
    if query is None:
        return None
    for begin in ("active_", "start_", "end_", "added_", "changed_", ""):
        first, last = query.get(f"{begin}from"), query.get(f"{begin}to")
        if isinstance(first, str) and isinstance(last, str) and first[:4] >= last[:4]:
            query[f"{begin}from"], query[f"{begin}to"] = last[:4], first[:4]
    for name in ("active_year", "start_year", "end_year", "added", "changed"):
        if isinstance(query.get(name), list):
            query[name] = [in_order(years) for years in query[name]]
    return query


def in_order(years):
    return "-".join(sorted(years.split("-"))) if isinstance(years, str) else years
