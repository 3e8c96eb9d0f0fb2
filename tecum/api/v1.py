"""`/api/v1/`: the resources, one to a file. Who calls: `doors`; what a refusal looks like: `problems`."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from tecum.api import demands, lookups, problems, productions, telephony, webhooks
from tecum.api.doors import Token

ABOUT = """
For systems of agencies whose carrier's guide names this channel; a channel that it does not name is closed.

Every request carries a personal token, taken on the page under a second factor and good for an hour:
`Authorization: Bearer …`. A program does what its person may do, and nothing of the account itself.
"""


class Programs(NinjaAPI):
    """The interface of programs, whose description says that refusals are problems."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """Return the description (OpenAPI 3.1)."""
        described = super().get_openapi_schema(**more)
        form = described["paths"]["/api/v1/demands"]["post"]["requestBody"]["content"]["multipart/form-data"]
        form["schema"]["properties"]["authorisation"]["contentSchema"] = {
            "$ref": "#/components/schemas/Authorisation"
        }
        for operations in described["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {problems.MEDIA: answer["content"]["application/json"]}
        return described


api = Programs(
    title="Tecum", version="1", description=ABOUT, auth=Token(), docs_url=None, urls_namespace="api-v1"
)
problems.install(api)
api.add_router("/lookups", lookups.router)
api.add_router("/demands", demands.router)
api.add_router("/productions", productions.router)
api.add_router("/webhooks", webhooks.router)
api.add_router("/telephony", telephony.router)
