"""Turn round what an OpenAPI document cannot forbid: a range that ends before it begins.

That such a range is refused is tested by name; here every request that fits the document is to be
answered. `schemathesis.toml` names this module, for whoever runs schemathesis against a server.
"""

import schemathesis


@schemathesis.hook
def map_query(context, query):
    if query is None:
        return None
    for name in ("active", "start", "end"):
        first, last = query.get(f"{name}_from"), query.get(f"{name}_to")
        if isinstance(first, str) and isinstance(last, str) and first[:4] >= last[:4]:
            query[f"{name}_from"], query[f"{name}_to"] = last[:4], first[:4]
    for name in ("active_year", "start_year", "end_year"):
        if isinstance(query.get(name), list):
            query[name] = [in_order(years) for years in query[name]]
    return query


def in_order(years):
    return "-".join(sorted(years.split("-"))) if isinstance(years, str) else years
