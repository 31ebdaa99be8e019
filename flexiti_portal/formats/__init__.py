"""How dates, times and numbers are written, where that differs from Django's own for a language."""
