"""What can be wrong with a source of the index, or with what is asked of it."""

from headwater.kit.errors import HeadwaterError


class KnowledgeInvalid(HeadwaterError):
    """A source that cannot be read into records: too large, broken, or not what it claims."""

    code = "knowledge_invalid"


class KnowledgeMissing(HeadwaterError):
    """There is nothing to index, no such index, or no such record in it."""

    code = "knowledge_missing"
    http_status = 404
