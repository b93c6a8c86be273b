"""Bad input of every kind: a clear error or a held row, never a status 500, never a half import (S7)."""
