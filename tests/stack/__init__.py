"""The harness: real services, the whole portal and a real browser for tests."""
