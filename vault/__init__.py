"""Keys, encrypted columns and blind indexes: the only place that holds cryptography."""
