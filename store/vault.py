"""The only room that knows an address: emails by their hash, shipping addresses, enclosures of waiting mails."""

import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Delete, Insert, Select, Table, delete, exists, insert, select

from store.database import Database, DatabaseError
from store.facts import Enclosure, ShippingAddress, a_labels
from store.models import email_lookup, enclosure, key_check, shipping_address
from store.sets import among, insert_of, pieces, row_of, write_many

KEY_BYTES = 32
SWEEP_PIECE = 500
# What was lost is looked for before anything is overwritten.
FIRST = "is database.vault_key_file right? If it is, {}"

# Asked with a few keys, says which of them are still referred to.
InUse = Callable[[Sequence[str]], set[str]]


class VaultError(DatabaseError):
    """The key and the vault do not belong together, or the key is not kept safely; one line for the operator.

    `found` is what is the matter, `advice` what to do about it.
    """

    def __init__(self, found: str, advice: str = "") -> None:
        super().__init__(f"{found}; {advice}" if advice else found)
        self.found, self.advice = found, advice


def load_key(path: Path, vault: Database, may_be_new: bool = True) -> bytes:
    """The vault's secret key, made at first start in a file of 32 bytes that its owner alone can read.

    Raises VaultError when the key is lost, is another one than the vault was made with, or can be read by others;
    and when the vault holds nothing yet although it may not be new.
    """
    with vault.transaction() as conn:
        check = conn.execute(select(key_check.c.digest)).scalar()
        empty = check is None and not conn.execute(select(exists(select(email_lookup.c.hashed_email)))).scalar()
        if empty and not may_be_new:
            raise lost(path, vault)
        try:
            key = read_key(path) if path.exists() or not empty else make_key(path)
        except OSError as error:
            raise VaultError(f"{path}: the vault's key cannot be read or made: {error.strerror}") from None
        if check is None and empty:
            conn.execute(insert(key_check).values(id=1, digest=digest(key, "check", "")))
        elif not hmac.compare_digest(check or "", digest(key, "check", "")):
            raise VaultError(f"{path}: is not the key that the vault was made with", FIRST.format("put that one back"))
    return key


def lost(path: Path, vault: Database) -> VaultError:
    """For the operator; the URL itself may hold a password."""
    key = "" if path.exists() else f", and its key {path} is missing"
    name = vault.engine.url.database
    told = f"the vault database {name} is new and empty{key}, but the shop has letters or orders"
    return VaultError(told, "is database.vault_url right? If it is, put back the vault and its key from a backup")


def read_key(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise VaultError(f"{path}: the vault's key is missing", FIRST.format("put it back from a copy")) from None
    if mode & 0o077:
        raise VaultError(f"{path}: the vault's key can be read by others", f"run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        told = f"{path}: is not a vault key: it has {len(key)} bytes instead of {KEY_BYTES}"
        raise VaultError(told, FIRST.format("put the key back from a copy"))
    return key


def make_key(path: Path) -> bytes:
    """A new key, on disk before it is used. It gets its name when it is whole, and never takes another key's place."""
    key = secrets.token_bytes(KEY_BYTES)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    os.link(draft, path)
    draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return key


def digest(key: bytes, purpose: str, text: str) -> str:
    """HMAC-SHA-256 in hex (RFC 2104); what is hashed for one purpose never equals what is hashed for another."""
    return hmac.digest(key, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), "sha256").hex()


def normalise(address: str) -> str:
    """The form in which addresses are compared: NFC, lower case, the domain in A-labels without a final dot.

    Lower case and not `casefold`, which would take ß for ss, so that two people's addresses became one.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    return f"{lower(local)}{at}{a_labels(domain.rstrip('.'))}"


def lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())


class Vault:
    """The vault under its key. All writing is idempotent, because the vault is written before the shop."""

    def __init__(self, database: Database, key: bytes) -> None:
        self.database = database
        self.key = key

    def hashed(self, address: str) -> str:
        """The name under which everybody but the vault knows an address."""
        return digest(self.key, "email", normalise(address))

    def hashed_customer(self, number: str) -> str:
        """The name of a customer of whom no address is known, only a number that another program gave."""
        return digest(self.key, "customer", number)

    def source(self, told: str) -> str:
        """The name of an order of the past, from what tells it apart from all others of its file."""
        return digest(self.key, "source", told)

    def shipping_address(self, hashed_email: str, name: str, lines: Sequence[str]) -> ShippingAddress:
        address_id = digest(self.key, "address", json.dumps([hashed_email, name, *lines]))
        return ShippingAddress(address_id, hashed_email, name, tuple(lines))

    def keep(
        self,
        emails: Mapping[str, str],
        addresses: Iterable[ShippingAddress],
        enclosures: Iterable[Enclosure],
        at: datetime,
    ) -> None:
        """Keep addresses by hash, shipping addresses and enclosures, in one transaction.

        What is there already counts as seen at `at`; of an email the latest spelling is kept, and of an enclosure the
        latest words, for a batch that is decided again after a crash may decide otherwise.
        """
        spelled = [{"hashed_email": key, "unhashed_email": email, "seen_at": at} for key, email in emails.items()]
        places = [row_of(one) | {"lines": list(one.lines), "seen_at": at} for one in addresses]
        enclosed = [row_of(one) | {"seen_at": at} for one in enclosures]
        with self.database.transaction() as conn:
            upsert(conn, email_lookup, spelled, renewed=("unhashed_email", "seen_at"))
            upsert(conn, shipping_address, places, renewed=("seen_at",))
            upsert(conn, enclosure, enclosed, renewed=("words", "letter", "seen_at"))

    def emails(self, hashes: Collection[str]) -> dict[str, str]:
        return dict(self._kept(email_lookup, hashes))

    def addresses(self, ids: Collection[str]) -> dict[str, ShippingAddress]:
        found = self._kept(shipping_address, ids)
        return {row[0]: ShippingAddress(row[0], row[1], row[2], tuple(row[3])) for row in found}

    def enclosures(self, ids: Collection[str]) -> dict[str, Enclosure]:
        return {row[0]: Enclosure(*row) for row in self._kept(enclosure, ids)}

    def belongings(self, hashed_email: str) -> tuple[str | None, list[ShippingAddress], list[Enclosure]]:
        """All that is kept of one person: the address, where orders went, the words of waiting mails."""
        with self.database.reading() as conn:
            email = conn.execute(
                select(email_lookup.c.unhashed_email).where(email_lookup.c.hashed_email == hashed_email)
            ).scalar()
            places, enclosed = (
                [row[:-1] for row in conn.execute(select(table).where(table.c.hashed_email == hashed_email))]
                for table in (shipping_address, enclosure)
            )
        addresses = [ShippingAddress(row[0], row[1], row[2], tuple(row[3])) for row in places]
        return email, addresses, [Enclosure(*row) for row in enclosed]

    def forget(self, hashed_email: str) -> int:
        """Remove all that is kept of one person; returns how many rows that were."""
        with self.database.transaction() as conn:
            return sum(
                conn.execute(delete(table).where(table.c.hashed_email == hashed_email)).rowcount
                for table in (email_lookup, shipping_address, enclosure)
            )

    def discard(self, enclosure_ids: Collection[str]) -> None:
        """Forget enclosures whose mail is sent."""
        if enclosure_ids:
            with self.database.transaction() as conn:
                for piece in pieces(enclosure_ids):
                    conn.execute(discarding(conn.dialect.name), {"values": piece})

    def sweep(
        self,
        before: datetime,
        emails: InUse,
        addresses: InUse,
        enclosures: InUse,
        stay: timedelta = timedelta(),
    ) -> int:
        """Remove what was last seen before an instant and is not in use; returns how many rows that were.

        `before` lies further back than any batch takes, because intake writes here first and into the shop after.
        Addresses `stay` for longer: that of a refused order is in use by nothing until it is put right.
        """
        return (
            self._sweep(email_lookup, before, emails)
            + self._sweep(shipping_address, before - stay, addresses)
            + self._sweep(enclosure, before, enclosures)
        )

    def _kept(self, table: Table, keys: Collection[str]) -> list[Any]:
        """Rows by the first column, without the last one, `seen_at`."""
        with self.database.reading() as conn:
            kept = keeping(conn.dialect.name, table)
            return [row for piece in pieces(keys) for row in conn.execute(kept, {"values": piece}).all()]

    def _sweep(self, table: Table, before: datetime, in_use: InUse) -> int:
        key, swept, after = next(iter(table.c)), 0, ""
        while piece := self._stale(key, before, after):
            gone = set(piece) - in_use(piece)
            after = piece[-1]
            if gone:
                with self.database.transaction() as conn:
                    # Intake may have come back for a row since it was read.
                    swept += conn.execute(delete(table).where(key.in_(gone), table.c.seen_at < before)).rowcount
        return swept

    def _stale(self, key: Column[Any], before: datetime, after: str) -> list[str]:
        query = select(key).where(key > after, key.table.c.seen_at < before).order_by(key).limit(SWEEP_PIECE)
        with self.database.reading() as conn:
            return list(conn.scalars(query))


@cache
def keeping(dialect: str, table: Table) -> Select[*tuple[Any, ...]]:
    columns = list(table.c)
    return select(*columns[:-1]).where(among(dialect, columns[0]))


@cache
def discarding(dialect: str) -> Delete:
    return delete(enclosure).where(among(dialect, enclosure.c.enclosure_id))


def upsert(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], renewed: tuple[str, ...]) -> None:
    """Insert rows; of those that are there already only the `renewed` columns change."""
    write_many(conn, upserting(conn.dialect.name, table, renewed), rows)


@cache
def upserting(dialect: str, table: Table, renewed: tuple[str, ...]) -> Insert:
    new = insert_of(dialect, table)
    fresh = {name: new.excluded[name] for name in renewed}
    return new.on_conflict_do_update(index_elements=[next(iter(table.c))], set_=fresh)
