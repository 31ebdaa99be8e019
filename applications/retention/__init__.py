"""How long each kind of data is kept, its purge, and what a customer may ask about their own (docs/privacy.md)."""
