"""Measures of what docs/evidence.md promises: that evidence stands, and what it costs.

python -m evidence.tampering                     the long form, as `make evidence` runs it
python -m evidence.tampering --size 6            six attempts of each kind
python -m evidence.tampering --database sqlite   the same where one machine keeps everything
python -m evidence.append --size 100000          the cost of an append, and a verification of 100,000 events
"""
