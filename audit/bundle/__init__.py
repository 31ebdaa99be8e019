"""Evidence about one subject that an outsider can check: its chain, what was signed of it, and a verifier.

What else belongs into a bundle is known to whoever the subject belongs to (applications/evidence).
"""
