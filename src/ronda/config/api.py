"""The JSON interface: one router per context, all under the scope of who asks."""

from ninja import NinjaAPI

from ronda.agencies.stepup import fresh_proof

api = NinjaAPI(title="Ronda", version="1", urls_namespace="api", docs_url=None)

api.add_router("/records", "ronda.kernel.api.router", auth=fresh_proof)
api.add_router("/areas", "ronda.places.api.router")
api.add_router("/elections", "ronda.elections.api.router")
api.add_router("/results", "ronda.results.api.router")
api.add_router("/reports", "ronda.reports.api.router")
api.add_router("/incidents", "ronda.incidents.api.router")
