#!/usr/bin/env python3
"""Checks an evidence bundle: python3 verify.py [BUNDLE] [--public-key KEY] [--witness FILE] [--language en|fr|both]

Vérifie un dossier de preuve. Python 3.9 ou plus récent suffit, sans rien installer; rien n’est envoyé nulle part.

One file, Python 3.9 or newer, nothing installed, nothing sent anywhere. It shares no code with the portal that made the
bundle: what it says does not depend on that portal being right. Exit code 0: nothing was found; 1: something was, and
it is named; 2: the bundle or the witness could not be read at all.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

Files = dict[str, bytes]
Said = tuple[str, str]  # in English, in French

BEGINNING = "0" * 64
BUNDLE_KIND = "evidence-bundle-1"
CHECKPOINT_KIND = "audit-checkpoint-1"
HASHED = (
    "actor actor_id at detail merchant_id name previous sequence subject_id subject_type"  # of an event
).split()
SIGNED = "at key_id leaves number previous root up_to".split()  # of a checkpoint
ALONGSIDE = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what computers put into folders by themselves
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
SECONDS_APART = 60  # between a row and the event of the same transaction


# Hashes


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def event_hash(event: dict[str, Any]) -> str:
    return sha256(canonical({name: event[name] for name in HASHED}))


def leaf_of(event: dict[str, Any]) -> bytes:
    return canonical([event["subject_type"], event["subject_id"], event["sequence"], event["hash"]])


def signed_part(checkpoint: dict[str, Any]) -> bytes:
    return canonical({"kind": CHECKPOINT_KIND, **{name: checkpoint[name] for name in SIGNED}})


def root_by_path(leaf: bytes, index: int, count: int, path: list[str]) -> str:
    """The root of a Merkle tree of `count` leaves, by way of this path (RFC 9162, 2.1.3.2); "" if it cannot be one."""
    place, last, node = index, count - 1, hashlib.sha256(b"\0" + leaf).digest()
    if not 0 <= index < count:
        return ""
    for beside in path:
        if last == 0:
            return ""
        if place % 2 or place == last:
            node = hashlib.sha256(b"\1" + bytes.fromhex(beside) + node).digest()
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            node = hashlib.sha256(b"\1" + node + bytes.fromhex(beside)).digest()
        place, last = place // 2, last // 2
    return node.hex() if last == 0 else ""


# Signatures: Ed25519 (RFC 8032), verification only. Points are extended coordinates x = X/Z, y = Y/Z, x·y = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def added(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    result = NEUTRAL
    while number:
        if number & 1:
            result = added(result, point)
        point, number = added(point, point), number >> 1
    return result


def point_of(encoded: bytes) -> Point | None:
    """The point that these 32 bytes stand for, if any."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def encoded_point(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of this key signed exactly this message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or scalar >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    return encoded_point(added(times(scalar, BASE), times(digest, minus_key))) == signature[:32]


def key_id_of(public: bytes) -> str:
    return sha256(public)[:32]


def decoded_key(text: str) -> bytes:
    """Raises ValueError unless it is base64 of 32 bytes."""
    public = base64.b64decode(text.strip(), validate=True)
    if len(public) != 32:
        raise ValueError("a public key has 32 bytes")
    return public


# What is found, said and shown


class Report:
    """`findings`: where, and what is wrong there. `said`: what was checked. `shown`: what the events tell."""

    def __init__(self) -> None:
        self.findings: list[tuple[Said, Said]] = []
        self.said: list[Said] = []
        self.shown: list[Said] = []
        self.cautions: list[Said] = []

    def find(self, where: str | Said, english: str, french: str) -> None:
        place = where if isinstance(where, tuple) else (str(where), str(where))
        self.findings.append((place, (english, french)))

    def say(self, english: str, french: str) -> None:
        self.said.append((english, french))


def of_event(number: Any) -> Said:
    return f"events.jsonl, event {number}", f"events.jsonl, événement {number}"


def of_checkpoint(number: Any) -> Said:
    return f"checkpoints.jsonl, checkpoint {number}", f"checkpoints.jsonl, point de contrôle {number}"


class Bundle:
    """The files of a bundle, and the parts of them that could be read."""

    def __init__(self, files: Files, given_keys: list[bytes], witness: bytes | None) -> None:
        self.files = files
        self.given_keys = {key_id_of(public): public for public in given_keys}
        self.witness = witness
        self.report = Report()
        self.manifest: dict[str, Any] = {}
        self.own_keys: dict[str, bytes] = {}
        self.events: list[dict[str, Any]] = []
        self.checkpoints: dict[int, dict[str, Any]] = {}
        self.proofs: list[dict[str, Any]] = []
        self.record: dict[str, Any] = {}

    def verify(self) -> Report:
        for name, check in (
            ("manifest.json", self.check_files),
            ("keys.json", self.read_keys),
            ("manifest.json", self.check_manifest),
            ("events.jsonl", self.check_chain),
            ("checkpoints.jsonl", self.check_checkpoints),
            ("proofs.json", self.check_proofs),
            ("record.json", self.check_terms),
            ("record.json", self.check_record),
            ("--witness", self.check_witness),
            ("events.jsonl", self.tell),
        ):
            try:
                check()
            except MALFORMED:
                self.report.find(name, "it cannot be read as what it should be", "le contenu est illisible")
        return self.report

    # Files

    def check_files(self) -> None:
        self.manifest = json.loads(self.files["manifest.json"])
        listed = self.manifest["files"]
        for name in sorted(listed):
            if name not in self.files:
                self.report.find(name, "the file is missing", "le fichier manque")
            elif sha256(self.files[name]) != listed[name]["sha256"]:
                self.report.find(name, "it is not as it was exported", "le fichier n’est pas tel qu’il a été exporté")
        for name in sorted(self.files.keys() - listed.keys() - {"manifest.json"}):
            if name.rpartition("/")[2] not in ALONGSIDE:
                self.report.find(name, "it is no part of the bundle", "ce fichier ne fait pas partie du dossier")
        self.report.say(
            f"Files listed in manifest.json, and compared with it: {len(listed)}.",
            f"Fichiers inscrits dans manifest.json et comparés à cette liste : {len(listed)}.",
        )

    def read_keys(self) -> None:
        for key_id, text in json.loads(self.files["keys.json"]).items():
            public = decoded_key(text)
            if key_id_of(public) != key_id:
                self.report.find("keys.json", f"{key_id} is the name of another key", f"{key_id} nomme une autre clé")
            self.own_keys[key_id_of(public)] = public

    def check_manifest(self) -> None:
        manifest = dict(self.manifest)
        signature = manifest.pop("signature")
        if manifest["kind"] != BUNDLE_KIND:
            self.report.find("manifest.json", "it is of another kind", "il est d’un autre genre")
        self.check_signature("manifest.json", manifest["key_id"], signature, canonical(manifest))

    def check_signature(self, where: str | Said, key_id: str, signature: str, message: bytes) -> None:
        """With the keys that were given by hand, or where there are none, with those of the bundle itself."""
        public = (self.given_keys or self.own_keys).get(key_id)
        if public is None:
            self.report.find(
                where,
                f"it is signed with key {key_id}, which " + ("was not given" if self.given_keys else "is not here"),
                f"la signature est de la clé {key_id}, qui "
                + ("n’a pas été fournie" if self.given_keys else "n’est pas dans le dossier"),
            )
        elif not is_signed(public, base64.b64decode(signature, validate=True), message):
            self.report.find(where, "its signature does not fit", "la signature ne correspond pas")

    # Events

    def check_chain(self) -> None:
        last = BEGINNING
        subject = [self.manifest.get("subject_type"), self.manifest.get("subject_id")]
        for place, line in enumerate(lines_of(self.files["events.jsonl"]), 1):
            event = json.loads(line)
            self.events.append(event)
            where = of_event(place)
            if canonical(event) != line:
                self.report.find(where, "it is not in its canonical form", "il n’a pas sa forme canonique")
            if event["sequence"] != place:
                number = event["sequence"]
                self.report.find(where, f"event {number} is in its place", f"l’événement {number} est à sa place")
            if event_hash(event) != event["hash"]:
                self.report.find(
                    where, "its hash does not fit what it says", "son empreinte ne correspond pas à ce qu’il dit"
                )
            if event["previous"] != last:
                self.report.find(
                    where, "it does not follow from the event before", "il ne suit pas l’événement qui le précède"
                )
            if [event["subject_type"], event["subject_id"]] != subject:
                self.report.find(where, "it belongs to something else", "il concerne autre chose")
            last = event["hash"]
        self.report.say(
            f"Chain: {counted(len(self.events), 'event')}; the hash of each was computed anew; each holds the one "
            "before’s.",
            f"Chaîne : {counted(len(self.events), 'événement', 1)}; l’empreinte de chacun a été recalculée, et chacun "
            "porte celle du précédent.",
        )

    # Checkpoints

    def check_checkpoints(self) -> None:
        last, up_to, number = "", -1, None
        for line in lines_of(self.files["checkpoints.jsonl"]):
            checkpoint = json.loads(line)
            where = of_checkpoint(checkpoint["number"])
            if checkpoint_line(checkpoint) != line:
                self.report.find(where, "it is not in its canonical form", "il n’a pas sa forme canonique")
            if number is not None and (checkpoint["number"] != number + 1 or checkpoint["previous"] != last):
                self.report.find(
                    where,
                    "it does not follow from the checkpoint before",
                    "il ne suit pas le point de contrôle qui le précède",
                )
            if checkpoint["up_to"] <= up_to:
                self.report.find(where, "it covers less than the one before", "il couvre moins que le précédent")
            number, last, up_to = checkpoint["number"], sha256(line), checkpoint["up_to"]
            self.checkpoints[checkpoint["number"]] = checkpoint
        self.report.say(
            f"Checkpoints: {len(self.checkpoints)}, each with the hash of the one before.",
            f"Points de contrôle : {len(self.checkpoints)}, chacun portant l’empreinte du précédent.",
        )

    def check_proofs(self) -> None:
        self.proofs = sorted(json.loads(self.files["proofs.json"]), key=lambda proof: int(proof["checkpoint"]))
        signed = {proof["checkpoint"] for proof in self.proofs} | {max(self.checkpoints)}
        for number in sorted(signed & self.checkpoints.keys()):
            one = self.checkpoints[number]
            self.check_signature(of_checkpoint(number), one["key_id"], one["signature"], signed_part(one))
        for proof in self.proofs:
            self.check_proof(proof)
        covered = max((proof["event"] for proof in self.proofs), default=0)
        for event in self.events[covered:]:
            self.report.find(
                of_event(event["sequence"]), "no checkpoint covers it", "aucun point de contrôle ne le couvre"
            )
        self.report.say(
            f"Proofs that lead from this chain to the root of a checkpoint: {len(self.proofs)}. "
            f"Signatures checked: {len(signed)}.",
            "Preuves d’inclusion qui mènent de cette chaîne à la racine d’un point de contrôle : "
            f"{len(self.proofs)}. Signatures vérifiées : {len(signed)}.",
        )

    def check_proof(self, proof: dict[str, Any]) -> None:
        number, sequence = proof["checkpoint"], proof["event"]
        where = f"proofs.json, checkpoint {number}", f"proofs.json, point de contrôle {number}"
        if number not in self.checkpoints or not 0 < sequence <= len(self.events):
            self.report.find(where, "it is about something that is not here", "elle porte sur ce qui n’est pas ici")
            return
        checkpoint = self.checkpoints[number]
        root = root_by_path(leaf_of(self.events[sequence - 1]), proof["index"], checkpoint["leaves"], proof["path"])
        if root != checkpoint["root"]:
            self.report.find(
                where,
                f"event {sequence} does not lead to what was signed",
                f"l’événement {sequence} ne mène pas à ce qui a été signé",
            )

    # What was displayed and accepted

    def check_terms(self) -> None:
        self.record = json.loads(self.files["record.json"])
        kept = {document["sha256"]: document for document in self.record["terms"]}
        digests = {event["detail"]["terms"] for event in self.events if "terms" in event["detail"]}
        for digest in sorted(digests):
            name = kept.get(digest, {}).get("file")
            if not name:
                self.report.cautions.append(
                    (
                        f"The bytes of the terms {digest} are not in this bundle.",
                        f"Les octets des conditions {digest} ne sont pas dans ce dossier.",
                    )
                )
            elif sha256(self.files.get(name, b"")) != digest:
                self.report.find(
                    name, f"it is not the text {digest} of the events", f"ce n’est pas le texte {digest} des événements"
                )
        displays = self.check_displays()
        self.check_whole()
        self.report.say(
            f"Terms: the events name {counted(len(digests), 'text')} by the hash of the exact bytes, and "
            f"{counted(displays, 'display')} by the hash of what was on the screen.",
            f"Conditions : les événements nomment {counted(len(digests), 'texte', 1)}, par l’empreinte des octets "
            f"exacts, et {counted(displays, 'affichage', 1)}, par l’empreinte de ce qui était à l’écran.",
        )

    def check_whole(self) -> None:
        """What was accepted although the events tell that not all of it was on the page."""
        shown: dict[Any, dict[str, Any]] = {}
        for event in self.events:
            detail = event["detail"]
            which = detail.get("terms"), detail.get("language"), detail.get("province")
            if event["name"] == "terms_shown":
                shown[which] = detail
            elif event["name"] == "terms_accepted":
                seen = shown.get(which, detail)
                if seen.get("complete") is False or detail.get("complete") is False:
                    missing, left_out = seen.get("missing", "?"), seen.get("left_out", "?")
                    self.report.cautions.append(
                        (
                            f"Event {event['sequence']}: these terms were accepted although not all of them was "
                            f"displayed. Words not displayed: {missing}. Other parts not displayed (a page within the "
                            f"page, unreadable characters): {left_out}.",
                            f"Événement {event['sequence']} : ces conditions ont été acceptées bien qu’elles n’aient "
                            f"pas été affichées en entier. Mots non affichés : {missing}. Autres parties non affichées "
                            f"(page dans la page, caractères illisibles) : {left_out}.",
                        )
                    )

    def check_displays(self) -> int:
        """What was on the screen, against the events; how many of them there are."""
        kept = {one["sha256"]: one for document in self.record["terms"] for one in document["displays"]}
        digests = {event["detail"]["display"] for event in self.events if event["detail"].get("display")}
        for digest in sorted(digests):
            one = kept.get(digest)
            if not one:
                self.report.cautions.append(
                    (
                        f"What was on the screen as {digest} is not in this bundle.",
                        f"Ce qui était à l’écran sous l’empreinte {digest} n’est pas dans ce dossier.",
                    )
                )
                continue
            name, page = one["file"], one["page"]
            content = self.files.get(name, b"")
            if sha256(content) != digest:
                self.report.find(
                    name, "it is not what the events say was on the screen", "ce n’est pas ce que disent les événements"
                )
            elif content not in self.files.get(page, b""):
                self.report.cautions.append(
                    (
                        f"{page} shows it otherwise than it was; what was on the screen is in {name}.",
                        f"{page} l’affiche autrement; ce qui était à l’écran est dans {name}.",
                    )
                )
        return len(digests)

    def check_record(self) -> None:
        """What stands in the portal's tables, against the events."""
        where = "record.json"
        for place, row in enumerate(self.record["acceptances"], 1):
            same = "terms language province device_holder" + (" display scrolled_to_end" if row["display"] else "")
            if not self.has_event("terms_accepted", row["accepted_at"], row, same):
                self.report.find(
                    where, f"no event tells of acceptance {place}", f"aucun événement ne relate l’acceptation {place}"
                )
            if not self.has_event("terms_shown", row["displayed_at"], row, "terms language province"):
                self.report.find(
                    where,
                    f"no event tells that what was accepted as {place} was shown at that time",
                    f"aucun événement ne relate l’affichage, à ce moment, de ce qui a été accepté ({place})",
                )
        for place, row in enumerate(self.record["consents"], 1):
            if not self.has_event("consent_given", row["given_at"], row, "kind language device_holder"):
                self.report.find(
                    where, f"no event tells of consent {place}", f"aucun événement ne relate le consentement {place}"
                )
        for row in self.record["attempts"]:
            decided = row["outcome"] in ("approved", "declined", "pending")
            if decided and not self.has_event("", None, {**row, "attempt": row["number"]}, "attempt outcome"):
                number = row["number"]
                self.report.find(
                    where,
                    f"no event tells of this answer to attempt {number}",
                    f"aucun événement ne relate cette réponse à l’envoi {number}",
                )
        for place, row in enumerate(self.record["corrections"], 1):
            told_as = {"correction": row["id"], "field": row["field"]}
            if not self.has_event("correction_noted", row["noted_at"], told_as, "correction field"):
                self.report.find(
                    where, f"no event tells of correction {place}", f"aucun événement ne relate la correction {place}"
                )
        self.check_erased(self.record["application"]["erased_at"])
        told = sum(event["name"] == "terms_accepted" for event in self.events)
        if told > len(self.record["acceptances"]):
            self.report.find(
                where,
                "the events tell of more acceptances than are here",
                "les événements relatent plus d’acceptations qu’il n’y en a ici",
            )

    def check_erased(self, at: str | None) -> None:
        """Erased is what an event says was erased, and nothing else is."""
        erased = [event for event in self.events if event["name"] == "erased"]
        if at and not self.has_event("erased", at, {}, ""):
            self.report.find(
                "record.json", "no event tells that it was erased", "aucun événement ne relate l’effacement"
            )
        if erased and (not at or self.record["answers"]):
            self.report.find(
                of_event(erased[-1]["sequence"]),
                "it tells that the answers were erased, and record.json still has some, or does not say so",
                "il relate l’effacement des réponses, et record.json en contient encore, ou ne le dit pas",
            )

    def has_event(self, name: str, at: str | None, row: dict[str, Any], same: str) -> bool:
        """Whether there is an event of this name, at about this time, that says the same in these particulars."""
        wanted = {key: row[key] for key in same.split()}
        return any(
            (not name or event["name"] == name)
            and wanted.items() <= {key: event["detail"].get(key) for key in wanted}.items()
            and (at is None or is_about(at, event["at"]))
            for event in self.events
        )

    # Witness

    def check_witness(self) -> None:
        if self.witness is None:
            return
        newest = max(self.checkpoints)
        common: list[int] = []
        lines = [line.strip() for line in lines_of(self.witness)]
        for line, after in zip(lines, [*lines[1:], b""]):  # noqa: B905 (Python 3.10 has `strict`)
            if after != line and after.startswith(line):
                continue  # its writing broke off, and came again
            told = json.loads(line)
            number = told["number"]
            if number in self.checkpoints:
                common.append(number)
                if checkpoint_line(self.checkpoints[number]) != line:
                    self.report.find(of_checkpoint(number), "the witness has another one", "le témoin en a un autre")
            elif number == newest + 1:
                common.append(newest)
                if told["previous"] != sha256(checkpoint_line(self.checkpoints[newest])):
                    self.report.find(
                        of_checkpoint(newest),
                        "the witness goes on from another one",
                        "chez le témoin, la suite part d’un autre",
                    )
        if not common:
            self.report.find(
                "--witness",
                "it has none of these checkpoints: nothing was compared",
                "il n’a aucun de ces points de contrôle : rien n’a été comparé",
            )
            return
        covered = max((proof["event"] for proof in self.proofs if proof["checkpoint"] <= max(common)), default=0)
        self.report.say(
            f"Witness: {counted(len(set(common)), 'checkpoint')} in common; it vouches for events 1 to {covered}.",
            f"Témoin, points de contrôle en commun : {len(set(common))}; il répond des événements 1 à {covered}.",
        )

    # What the events tell

    def tell(self) -> None:
        for event in self.events:
            words = words_of(event["name"], event["detail"])
            if words:
                sealed = next((p["checkpoint"] for p in self.proofs if p["event"] >= event["sequence"]), None)
                at = self.checkpoints[sealed]["at"] if sealed in self.checkpoints else "?"
                number, moment = event["sequence"], event["at"][:19].replace("T", " ")
                self.report.shown.append(
                    (
                        f"{number:>4}  {moment}  {words[0]}  [signed by {at[:19].replace('T', ' ')}]",
                        f"{number:>4}  {moment}  {words[1]}  [signé au plus tard le {at[:19].replace('T', ' ')}]",
                    )
                )


def counted(number: int, noun: str, language: int = 0) -> str:
    """`2 texts`. None are many in English (0), and not in French (1)."""
    return f"{number} {noun}" + ("s" if number > 1 or (number == 0 and language == 0) else "")


def lines_of(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line.strip()]


def checkpoint_line(checkpoint: dict[str, Any]) -> bytes:
    whole = {"kind": CHECKPOINT_KIND, "signature": checkpoint["signature"]}
    return canonical({**whole, **{name: checkpoint[name] for name in SIGNED}})


def is_about(one: str, other: str) -> bool:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) <= SECONDS_APART


LANGUAGES = {"en": ("English", "anglais"), "fr": ("French", "français")}
HOLDERS = {
    "customer": ("the customer held the device", "le client tenait l’appareil"),
    "associate": ("the associate held the device", "le conseiller tenait l’appareil"),
}
KINDS = {
    "another_inquiry": ("another credit inquiry", "une autre vérification de crédit"),
    "waiting": ("waiting until Flexiti answers again", "attendre que Flexiti réponde de nouveau"),
}
OUTCOMES = {
    "approved": ("approved", "approuvée"),
    "declined": ("declined", "refusée"),
    "pending": ("under review", "à l’étude"),
    "unknown": ("not known", "inconnu"),
    "already_customer": ("already a customer", "déjà client"),
    "needs_correction": ("to be corrected", "à corriger"),
    "failed": ("not processed", "non traitée"),
    "no_account": ("no account found", "aucun compte trouvé"),
}
WORDS = {
    "terms_shown": ("terms shown: {document}{whole}", "conditions affichées : {document}{whole}"),
    "terms_language_chosen": (
        "given the French terms, the customer expressly asked for the English ones",
        "après avoir reçu les conditions en français, le client a expressément demandé la version anglaise",
    ),
    "terms_accepted": (
        "terms accepted: {document}; {holder}{scrolled}{in_part}",
        "conditions acceptées : {document}; {holder}{scrolled}{in_part}",
    ),
    "terms_voided": ("acceptance voided by a change", "acceptation annulée par un changement"),
    "consent_given": ("consent given ({kind}); {holder}", "consentement donné ({kind}); {holder}"),
    "submitted": ("submitted, attempt {attempt}", "soumise, envoi {attempt}"),
    "sent": ("sent, attempt {attempt}", "envoyée, envoi {attempt}"),
    "answered": ("answer to attempt {attempt}: {outcome}", "réponse à l’envoi {attempt} : {outcome}"),
    "outcome_unknown": ("attempt {attempt}: no readable answer", "envoi {attempt} : aucune réponse lisible"),
    "answer_contradicts": (
        "late answer to attempt {attempt}: {outcome}, otherwise than settled",
        "réponse tardive à l’envoi {attempt} : {outcome}, autrement que réglé",
    ),
    "settled": ("outcome settled: {outcome}", "résultat réglé : {outcome}"),
    "cancellation_requested": ("the customer asked to cancel", "le client a demandé l’annulation"),
    "cancellation_answered": ("cancellation answered: {outcome}", "réponse à l’annulation : {outcome}"),
    "no_account": ("searches found no account", "les recherches n’ont trouvé aucun compte"),
    "not_sent": ("attempt {attempt}: not processed by Flexiti", "envoi {attempt} : non traité par Flexiti"),
    "correction_requested": (
        "attempt {attempt}: Flexiti asked for a correction",
        "envoi {attempt} : Flexiti a demandé une correction",
    ),
    "purged": (
        "social insurance number, security answer, identification word and full ID number erased",
        "numéro d’assurance sociale, réponse de sécurité, mot d’identification et numéro complet de la pièce "
        "d’identité effacés",
    ),
    "erased": (
        "everything that said who the customer was, erased: {why}",
        "tout ce qui identifiait le client, effacé : {why}",
    ),
    "draft_expired": ("the answers of the draft erased", "réponses du brouillon effacées"),
    "correction_noted": (
        "a correction noted for the customer: {field}",
        "correction notée pour le client : {field}",
    ),
    "erasure_asked": ("the customer asked for erasure", "le client a demandé l’effacement"),
    "access_answered": (
        "everything held on the customer written out for them",
        "tout ce qui est conservé au sujet du client mis par écrit à son intention",
    ),
    "evidence_exported": ("a bundle such as this one made", "un dossier de preuve comme celui-ci produit"),
}
WHOLE = {
    "True": ("; all of its {words} words were on the page", "; ses {words} mots étaient tous sur la page"),
    "False": (
        "; NOT all of it was on the page: of its {words} words, not displayed: {missing}; of other parts: {left_out}",
        "; le texte n’était PAS en entier sur la page : de ses {words} mots, non affichés : {missing}; "
        "d’autres parties : {left_out}",
    ),
}
IN_PART = {
    "False": ("; although NOT all of it was on the page", "; bien que le texte n’ait PAS été en entier sur la page"),
}
SCROLLED = {
    "True": ("; the end was on the screen", "; la fin a été affichée à l’écran"),
    "False": ("; the end was not on the screen", "; la fin n’a pas été affichée à l’écran"),
}
WHY = {
    "request": ("the customer asked for it", "le client l’a demandé"),
    "period": ("its period was over", "le délai de conservation était écoulé"),
}


def words_of(name: str, detail: dict[str, Any]) -> Said | None:
    """An event of those that matter most, in a few words; index.html has a sentence for each."""
    if name not in WORDS:
        return None
    told = []
    for place, template in enumerate(WORDS[name]):
        language = LANGUAGES.get(str(detail.get("language")), ("?", "?"))[place]
        parts = {
            "document": f"{language}, {detail.get('province')}, SHA-256 {detail.get('terms')}",
            "holder": HOLDERS.get(str(detail.get("device_holder")), ("?", "?"))[place],
            "outcome": OUTCOMES.get(str(detail.get("outcome")), (str(detail.get("outcome")),) * 2)[place],
            "attempt": detail.get("attempt", "?"),
            "kind": KINDS.get(str(detail.get("kind")), (str(detail.get("kind")),) * 2)[place],
            "whole": WHOLE.get(str(detail.get("complete")), ("", ""))[place].format(
                **{name: detail.get(name, "?") for name in ("words", "missing", "left_out")}
            ),
            "in_part": IN_PART.get(str(detail.get("complete")), ("", ""))[place],
            "scrolled": SCROLLED.get(str(detail.get("scrolled_to_end")), ("", ""))[place],
            "why": WHY.get(str(detail.get("why")), ("?", "?"))[place],
            "field": detail.get("field") or ("no single answer", "aucune réponse en particulier")[place],
        }
        told.append(template.format(**parts))
    return told[0], told[1]


# What is printed

SHOWN = ("What the events tell (number, time in UTC):", "Ce que relatent les événements (numéro, heure UTC) :")
FOUND = ("Found:", "Constats :")
NOT_OK = ("NOT OK: {number}.", "NON CONFORME : {number}.")
OK = ("OK: nothing was changed since it was signed.", "CONFORME : rien n’a été changé depuis la signature.")
OK_IN_ITSELF = (
    "OK in itself: its parts fit together, and nothing was changed since the key in it signed it.",
    "CONFORME en soi : ses parties concordent, et rien n’a été changé depuis la signature par la clé qu’il contient.",
)
BY_WHOM = (
    "Signed by the key that you gave: {keys}.",
    "Signé par la clé que vous avez fournie : {keys}.",
)
BY_NOBODY_KNOWN = (
    "WHO signed was not checked: the keys come from the bundle itself, so its signatures show only that its parts "
    "belong together. Ask the merchant, or whoever keeps it for them, for the public key by another way: "
    "--public-key KEY.",
    "QUI a signé n’a pas été vérifié : les clés viennent du dossier lui-même, et ses signatures montrent seulement que "
    "ses parties vont ensemble. Demandez la clé publique au commerçant, ou à qui la garde pour lui, par une autre "
    "voie : --public-key CLÉ.",
)
NO_WITNESS = (
    "No witness was compared: whoever holds the signing key could have signed another history. A copy of the "
    "checkpoints kept by somebody else excludes it: --witness FILE.",
    "Aucun témoin n’a été comparé : le détenteur de la clé de signature aurait pu signer une autre histoire. Une copie "
    "des points de contrôle gardée par quelqu’un d’autre l’exclut : --witness FICHIER.",
)
LIMITS = (
    "Shown is that what was written stayed as it was, and since when; not that it was true when it was written. Times "
    "are those of the portal’s clock.",
    "Ce qui est démontré : ce qui a été écrit est resté tel quel, et depuis quand; non que c’était vrai au moment de "
    "l’écrire. Les heures sont celles de l’horloge du portail.",
)


def printable(line: str) -> str:
    """A forged bundle does not get to move the cursor and write its own result."""
    return "".join(one if one.isprintable() or one == "\u00a0" else "\ufffd" for one in line)


def text_of(bundle: Bundle, language: int) -> str:
    """All that there is to say, in English (0) or French (1)."""
    return "\n".join(map(printable, told_of(bundle, language)))


def told_of(bundle: Bundle, language: int) -> list[str]:
    """Its lines."""
    report, space = bundle.report, "" if language == 0 else "\u00a0"
    told = [said[language] for said in report.said]
    if report.shown and not report.findings:
        told += ["", SHOWN[language], *(shown[language] for shown in report.shown)]
    told += ["", *(caution[language] for caution in report.cautions)]
    if report.findings:
        number = counted(len(report.findings), ("finding", "constat")[language], language)
        found = (f"  {where[language]}{space}: {what[language]}" for where, what in report.findings)
        return [*told, FOUND[language], *found, "", NOT_OK[language].format(number=number)]
    keys = ", ".join(sorted(bundle.given_keys))
    whose = BY_WHOM[language].format(keys=keys) if keys else BY_NOBODY_KNOWN[language]
    witness = [] if bundle.witness is not None else [NO_WITNESS[language]]
    result = OK if bundle.given_keys else OK_IN_ITSELF
    return [*told, whose, *witness, LIMITS[language], "", result[language]]


# Reading


def files_of(path: Path, leaving_out: Path | None = None) -> Files:
    """The files of a folder or a ZIP file, by their names inside the bundle. Raises errors of a dozen kinds."""
    if path.is_dir():
        found = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        left_out = leaving_out.resolve() if leaving_out else None
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in found if file.resolve() != left_out}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        top = min((name for name in names if name.rpartition("/")[2] == "manifest.json"), key=len, default="")
        folder = top[: -len("manifest.json")] if top else ""
        return {name[len(folder) :] if name.startswith(folder) else name: archive.read(name) for name in names}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Checks an evidence bundle; nothing is sent anywhere. / "
        "Vérifie un dossier de preuve; rien n’est envoyé nulle part."
    )
    parser.add_argument("bundle", nargs="?", type=Path, help="folder or ZIP file; without it, where this file is")
    parser.add_argument("--public-key", action="append", default=[], metavar="KEY", help="base64; may be repeated")
    parser.add_argument("--witness", type=Path, metavar="FILE", help="the checkpoints as somebody else kept them")
    parser.add_argument("--language", choices=["en", "fr", "both"], default="both")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        keys = [decoded_key(text) for text in given.public_key]
        witness = given.witness.read_bytes() if given.witness else None
        files = files_of(given.bundle or Path(__file__).resolve().parent, given.witness)
    except Exception as problem:  # a damaged ZIP file alone raises those of zlib, lzma, struct and of others
        sys.stderr.write(printable(str(problem) or type(problem).__name__) + "\n")
        return 2
    bundle = Bundle(files, keys, witness)
    report = bundle.verify()
    languages = {"en": [0], "fr": [1], "both": [0, 1]}[given.language]
    sys.stdout.write(f"\n\n{'—' * 78}\n\n".join(text_of(bundle, language) for language in languages) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
