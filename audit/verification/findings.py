"""What a verification says."""

from dataclasses import dataclass, field
from enum import StrEnum

Subject = tuple[str, str]


class Kind(StrEnum):
    """What was done to a record, as far as it can be told from what is left."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    MOVED = "moved between subjects"
    RECHAINED = "re-chained without the key"
    CUT = "tail cut"
    ROLLED_BACK = "rolled back"
    UNREADABLE = "witness cannot be read"


@dataclass(frozen=True)
class Finding:
    """One record and what is wrong with it: event `sequence` of a subject, a checkpoint, or a witness."""

    kind: Kind
    told: str
    subject: Subject | None = None
    sequence: int | None = None
    checkpoint: int | None = None
    witness: str = ""

    @property
    def record(self) -> str:
        if self.subject:
            event = "" if self.sequence is None else f", event {self.sequence}"
            return f"{' '.join(self.subject)}{event}"
        place = f" at {self.witness}" if self.witness else ""
        return f"checkpoint {self.checkpoint}{place}" if self.checkpoint else self.witness

    def __str__(self) -> str:
        return f"{self.kind}: {self.record}: {self.told}"


@dataclass
class Report:
    """What was read, and what was found. `notes` are no fault."""

    events: int = 0
    chains: int = 0
    checkpoints: int = 0
    uncovered: int = 0
    witnesses: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.findings
