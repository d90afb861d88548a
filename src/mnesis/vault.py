"""The vault: memories that lie encrypted in the space, and are read only with a key and when they are asked for.

A cube of type ``vault`` is sealed before a store sees it: everything it says, with who, when and where from, is one
piece of ChaCha20-Poly1305, bound to its namespace, id and version, and rounded up to 64 bytes. It lies in a room of
its own (``~vault/<namespace>``) that no other verb reads, so its words never reach an index, a vector, the journal or
a cache. Ids of events that name their source are digests under the key, so they give nothing to guess by.

What can be seen without the key: that a namespace has a vault, how many cubes lie in it, about how long they are,
when they were written and by which author.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

from mnesis.errors import BadInput, Locked, Unavailable
from mnesis.store import Store
from mnesis.store.checks import VAULT
from mnesis.words import Event, MemCube, as_dict, cube_from, replace

PAD = 64  # bytes a sealed cube is rounded up to
COST = 2**15  # of turning a passphrase into a key (scrypt)
RING = "keyring:"  # begins a key that is kept by the system's keyring, under the name that follows
CHECKED = b"mnesis vault"
INSIDE = ("text", "speaker", "role", "session", "sources", "valid_from", "valid_to", "place", "mood", "trust", "meta")


class Cipher(Protocol):
    """Authenticated encryption, as the library `cryptography` has it."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


def room(namespace: str) -> str:
    """Where the vault of a namespace lies."""
    return VAULT + namespace


class Vault:
    """The vault of one space. `key` is a passphrase, 32 bytes, ``keyring:NAME``, or None where nobody gave one."""

    def __init__(self, store: Store, key: str | bytes | None) -> None:
        if key is not None and (
            not isinstance(key, str | bytes) or len(key) < 8 or (isinstance(key, bytes) and len(key) != 32)
        ):
            raise BadInput("The key of a vault is a passphrase of at least 8 characters, 32 bytes, or keyring:NAME.")
        self._store = store
        self._given = key
        self._secret: bytes | None = None

    @property
    def open_to_us(self) -> bool:
        """Whether somebody gave a key."""
        return self._given is not None

    def seal(self, cube: MemCube, namespace: str) -> MemCube:
        """A cube as the store keeps it."""
        said = {name: value for name, value in as_dict(cube).items() if name in INSIDE}
        raw = json.dumps(said, ensure_ascii=False).encode("utf-8")
        raw += b" " * (-len(raw) % PAD)
        nonce = secrets.token_bytes(12)
        bound = _bound(namespace, cube.id, cube.version)
        meta = {"sealed": base64.b64encode(nonce + self._cipher().encrypt(nonce, raw, bound)).decode()}
        return MemCube(cube.id, "", room(namespace), type="vault", version=cube.version, meta=meta, made_by="vault")

    def open(self, cube: MemCube) -> MemCube:
        """What a sealed cube says."""
        namespace = cube.namespace.removeprefix(VAULT)
        raw = base64.b64decode(cube.meta["sealed"])
        said = self._opened(raw, _bound(namespace, cube.id, cube.version))
        inside = cube_from({**json.loads(said), "id": cube.id, "namespace": namespace, "version": cube.version})
        return replace(inside, type="vault", events=(), known_from=cube.known_from, known_to=cube.known_to)

    def cube(self, event: Event, namespace: str) -> MemCube:
        """The cube of an event; its id is a digest under the key where the event names its source or has an id."""
        at = event.at.isoformat() if event.at else ""
        named = "\x1f".join((namespace, event.id, event.source, event.session, event.speaker, at, event.text))
        told = bool(event.source or event.id)
        id = hmac.new(self._key(), named.encode(), hashlib.blake2b).hexdigest()[:20] if told else secrets.token_hex(10)
        return MemCube(
            id, event.text, namespace, type="vault", speaker=event.speaker, role=event.role, session=event.session,
            sources=(event.source,) if event.source else (), valid_from=event.at, place=event.place, trust=event.trust,
            meta=event.meta, made_by="vault",
        )  # fmt: skip

    def standing(self, namespace: str, as_of: Any = None, valid_at: Any = None) -> list[MemCube]:
        """Everything that stands in the vault of a namespace, opened."""
        view = self._store.view(room(namespace), as_of, valid_at)
        return [self.open(cube) for cube in view.cubes(view.alive())] if len(view) else []

    def _opened(self, raw: bytes, bound: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher().decrypt(raw[:12], raw[12:], bound)
        except InvalidTag as err:
            raise Locked("A memory of the vault does not open: it was altered, or moved to where it was not.") from err

    def _cipher(self) -> Cipher:
        chacha = _library().ChaCha20Poly1305
        made: Cipher = chacha(self._key())
        return made

    def _key(self) -> bytes:
        """The key, held against what the vault was first sealed with."""
        if self._secret is None:
            if self._given is None:
                raise Locked("This needs the key of the vault: open the space with key=, or set MNESIS_KEY.")
            cipher = _library().ChaCha20Poly1305
            fresh = secrets.token_hex(16)
            salt = self._store.claim(vault_salt=fresh)["vault_salt"]
            key = _derived(self._given, bytes.fromhex(salt))
            nonce = secrets.token_bytes(12)
            check = (nonce + cipher(key).encrypt(nonce, CHECKED, b"")).hex()
            kept = bytes.fromhex(self._store.claim(vault_check=check)["vault_check"])
            from cryptography.exceptions import InvalidTag

            try:
                cipher(key).decrypt(kept[:12], kept[12:], b"")
            except InvalidTag as err:
                raise Locked("This is not the key the vault of this space was sealed with; nothing was read.") from err
            self._secret = key
        return self._secret


def _bound(namespace: str, id: str, version: int) -> bytes:
    return f"{namespace}\x1f{id}\x1f{version}".encode()


def _library() -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers import aead
    except ImportError as err:
        raise Unavailable('The vault needs the library cryptography: pip install "mnesis[vault]".') from err
    return aead


def _derived(given: str | bytes, salt: bytes) -> bytes:
    """32 bytes from what was given: a passphrase is stretched, 32 bytes are taken as they are."""
    if isinstance(given, str) and given.startswith(RING):
        given = _kept(given.removeprefix(RING))
    if isinstance(given, bytes):
        return hashlib.blake2b(given, key=salt, digest_size=32).digest()
    return hashlib.scrypt(given.encode("utf-8"), salt=salt, n=COST, r=8, p=1, maxmem=2**26, dklen=32)


def _kept(name: str) -> str:
    """The passphrase the system's keyring keeps under a name; a new one where there is none yet."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as err:
        raise Unavailable('A key from the keyring needs the library keyring: pip install "mnesis[vault]".') from err
    try:
        found = keyring.get_password("mnesis", name)
        if found is None:
            found = secrets.token_urlsafe(32)
            keyring.set_password("mnesis", name, found)
    except KeyringError as err:
        raise Unavailable(f"The keyring of this system cannot be used: {err}. Give key= a passphrase instead.") from err
    return str(found)


def rooms(names: Sequence[str]) -> list[str]:
    """The namespaces that have a vault, of all names there are."""
    return [name.removeprefix(VAULT) for name in names if name.startswith(VAULT)]
