"""Whether the evidence is as it was written: chains, checkpoints, witnesses; and if not, which record and in what way.

`walking` reads every event once, `checkpoints` holds the heads against what was signed, `diagnosis` names what happened
to the few chains that do not fit, `witnesses` asks who keeps checkpoints elsewhere.
"""

from audit.verification.findings import Finding, Kind, Report
from audit.verification.verify import verify

__all__ = ["Finding", "Kind", "Report", "verify"]
