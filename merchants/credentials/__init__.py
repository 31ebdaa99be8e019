"""The keys to the POS API: checked, rotated, watched for whether the lender answers; and the session they open."""
