"""Any OpenAPI 3 document as records."""

from headwater.knowledge.openapi.reader import read_openapi

__all__ = ["read_openapi"]
