"""Measures of what docs/evidence.md promises: that evidence stands, what it costs, and that privacy holds.

python -m evidence.tampering                     the long form, as `make evidence` runs it
python -m evidence.tampering --size 6            six attempts of each kind
python -m evidence.tampering --database sqlite   the same where one machine keeps everything
python -m evidence.append --size 100000          the cost of an append, and a verification of 100,000 events
python -m evidence.canaries --size 20            twenty applicants through every path, and the search for their values
python -m evidence.hostile_html --size 40        twenty agreements and twenty attacks in a real browser
python -m evidence.restoring --size 5            five restores, one of each kind
python -m evidence.fuzzing --size 50000          50,000 inputs for all parsers, 3,333 hostile requests for all addresses
"""
