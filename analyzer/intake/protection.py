"""Whether an encrypted .xls opens in Excel without a question: protection against changes uses one known password.

Records: [MS-XLS] FilePass; verifiers: [MS-OFFCRYPTO] 2.3.5.2 (RC4 CryptoAPI), 2.3.6.2 (RC4), 2.3.7.1 (XOR).
"""

from __future__ import annotations

import hashlib
import struct

PASSWORD = "VelvetSweatshop"  # noqa: S105 - Excel's own for workbooks that ask for none
_XOR, _RC4 = 0, 1
_CRYPTO_API = 2  # minor version
_SALT, _SHORT_KEY, _FULL_KEY = 16, 5, 16  # bytes


def opens_without_asking(content: bytes) -> bool:
    """Whether the known password fits the content of a FilePass record; False for what is not understood."""
    try:
        kind, major, minor = struct.unpack_from("<3H", content)
        if kind == _XOR:
            return int(minor) == _xor_verifier(PASSWORD.encode())
        if kind == _RC4 and (major, minor) == (1, 1):
            return _plain(content[6:])
        return kind == _RC4 and minor == _CRYPTO_API and _crypto_api(content[6:])
    except (struct.error, IndexError):
        return False


def _xor_verifier(password: bytes) -> int:
    verifier = 0
    for byte in reversed(bytes([len(password)]) + password):
        verifier = ((verifier >> 14 & 1) | (verifier << 1 & 0x7FFF)) ^ byte
    return verifier ^ 0xCE4B


def _plain(content: bytes) -> bool:
    salt, verifiers = content[:_SALT], content[_SALT : 3 * _SALT]
    secret = hashlib.md5(PASSWORD.encode("utf-16-le"), usedforsecurity=False).digest()[:_SHORT_KEY]
    secret = hashlib.md5((secret + salt) * 16, usedforsecurity=False).digest()[:_SHORT_KEY]
    clear = rc4(hashlib.md5(secret + bytes(4), usedforsecurity=False).digest(), verifiers)
    return hashlib.md5(clear[:_SALT], usedforsecurity=False).digest() == clear[_SALT:]


def _crypto_api(content: bytes) -> bool:
    size = struct.unpack_from("<L", content, 4)[0]
    bits = struct.unpack_from("<L", content, 24)[0] or 40
    at = 8 + size + 4
    salt, verifiers = content[at : at + _SALT], content[at + _SALT : at + 2 * _SALT]
    verifiers += content[at + 2 * _SALT + 4 : at + 2 * _SALT + 24]
    secret = hashlib.sha1(salt + PASSWORD.encode("utf-16-le"), usedforsecurity=False).digest()
    secret = hashlib.sha1(secret + bytes(4), usedforsecurity=False).digest()[: bits // 8]
    clear = rc4(secret.ljust(_FULL_KEY, b"\0"), verifiers)
    return hashlib.sha1(clear[:_SALT], usedforsecurity=False).digest() == clear[_SALT:]


def rc4(key: bytes, data: bytes) -> bytes:
    """The stream cipher, either way."""
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
