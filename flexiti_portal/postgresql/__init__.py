"""The database engine of the settings, when DATABASE_URL names PostgreSQL."""
