"""python3 main.py "$(npx nearfar doctor --c --library)" """

import ctypes
import sys
from ctypes import byref, c_char_p, c_size_t, c_void_p

library = ctypes.CDLL(sys.argv[1])
library.nearfar_error_text.restype = c_char_p
library.nearfar_key_free.argtypes = library.nearfar_hasher_free.argtypes = [c_void_p]


def error_text(code):
    return library.nearfar_error_text(code).decode()


def check(code):
    if code != 0:
        raise RuntimeError(error_text(code))


def size(data):
    """ctypes takes a plain int for a C int, which is half of a size_t."""
    return c_size_t(len(data))


def output(call, capacity):
    """What a function writes that ends with an output, its capacity and its length."""
    out, length = ctypes.create_string_buffer(capacity), c_size_t()
    check(call(out, c_size_t(capacity), byref(length)))
    return out.raw[: length.value].hex()


data = b"Hello, World!"
text = ctypes.create_string_buffer(65)
check(library.nearfar_hash(data, size(data), b"SHA-256", text, size(text)))
print("hash", text.value.decode())

key = b"key"
print(
    "hmac",
    output(lambda *out: library.nearfar_hmac(key, size(key), data, size(data), b"SHA-512", *out), 64),
)

hasher = c_void_p()
check(library.nearfar_hasher_new(b"SHA3-256", byref(hasher)))
for part in (data[:5], data[5:]):
    check(library.nearfar_hasher_update(hasher, part, size(part)))
print("stream", output(lambda *out: library.nearfar_hasher_digest(hasher, *out), 32))
library.nearfar_hasher_free(hasher)

seed = bytes([1] * 32)
private_key, public_key = c_void_p(), c_void_p()
check(
    library.nearfar_key_import_private(seed, size(seed), b"raw", b"ed25519", byref(private_key))
)
check(library.nearfar_key_public(private_key, byref(public_key)))
signature = output(lambda *out: library.nearfar_sign(private_key, data, size(data), *out), 64)
print("signature", signature)
signed = bytes.fromhex(signature)
check(library.nearfar_verify(public_key, data, size(data), signed, size(signed)))
forged = b"Hello, World?"
code = library.nearfar_verify(public_key, forged, size(forged), signed, size(signed))
print("forged:", error_text(code))
library.nearfar_key_free(public_key)
library.nearfar_key_free(private_key)
