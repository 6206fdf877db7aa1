"""Documents in, relations out."""

from derivations.reading.documents import DocumentError as DocumentError
from derivations.reading.documents import load as load
from derivations.reading.documents import read_document as read_document
from derivations.reading.reader import read_relations as read_relations

__all__ = ["DocumentError", "load", "read_document", "read_relations"]
