"""Values and instruments as the methods need them, and back. No Django and no database."""

from ronda.risk.adapters.indexing import Indexed, Setting, index_of
from ronda.risk.adapters.values import Values, ValuesRefused, values_read

__all__ = ["Indexed", "Setting", "Values", "ValuesRefused", "index_of", "values_read"]
