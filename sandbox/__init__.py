"""A local stand-in for Flexiti's POS API v2.5: a real HTTP server with made-up money.

It imports nothing of the portal and the portal imports nothing of it. Limits, switches, faults and response keys are
listed in docs/sandbox.md.
"""
