"""The administrators' console: merchants, stores, staff and credentials, each administrator within their own."""
