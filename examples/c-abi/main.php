<?php
// php main.php "$(npx nearfar doctor --c --library)"   (needs ext-ffi; ffi.enable is on by default
// for the command line)

$nearfar = FFI::cdef('
    typedef struct nearfar_hasher nearfar_hasher;
    typedef struct nearfar_key nearfar_key;
    const char *nearfar_error_text(int code);
    int nearfar_hash(const char *data, size_t size, const char *algorithm, char *hex, size_t capacity);
    int nearfar_hmac(const char *key, size_t key_size, const char *data, size_t size,
        const char *algorithm, char *out, size_t capacity, size_t *length);
    int nearfar_hasher_new(const char *algorithm, nearfar_hasher **hasher);
    int nearfar_hasher_update(nearfar_hasher *hasher, const char *data, size_t size);
    int nearfar_hasher_digest(nearfar_hasher *hasher, char *out, size_t capacity, size_t *length);
    void nearfar_hasher_free(nearfar_hasher *hasher);
    int nearfar_key_import_private(const char *bytes, size_t size, const char *format,
        const char *algorithm, nearfar_key **key);
    int nearfar_key_public(const nearfar_key *key, nearfar_key **public_key);
    void nearfar_key_free(nearfar_key *key);
    int nearfar_sign(const nearfar_key *key, const char *data, size_t size, char *out,
        size_t capacity, size_t *length);
    int nearfar_verify(const nearfar_key *key, const char *data, size_t size,
        const char *signature, size_t signature_size);
', $argv[1]);

$check = function (int $code) use ($nearfar): void {
    if ($code !== 0) {
        throw new RuntimeException($nearfar->nearfar_error_text($code));
    }
};

// What a function writes that ends with an output, its capacity and its length.
$output = function (int $capacity, callable $call) use ($nearfar, $check): string {
    $out = $nearfar->new("char[$capacity]");
    $length = $nearfar->new('size_t');
    $check($call($out, $capacity, FFI::addr($length)));
    return FFI::string($out, $length->cdata);
};

$data = 'Hello, World!';
$text = $nearfar->new('char[65]');
$check($nearfar->nearfar_hash($data, strlen($data), 'SHA-256', $text, 65));
echo 'hash ', FFI::string($text), "\n";

$hmac = $output(64, fn (...$out) =>
    $nearfar->nearfar_hmac('key', 3, $data, strlen($data), 'SHA-512', ...$out));
echo 'hmac ', bin2hex($hmac), "\n";

$hasher = $nearfar->new('nearfar_hasher *');
$check($nearfar->nearfar_hasher_new('SHA3-256', FFI::addr($hasher)));
foreach ([substr($data, 0, 5), substr($data, 5)] as $part) {
    $check($nearfar->nearfar_hasher_update($hasher, $part, strlen($part)));
}
$digest = $output(32, fn (...$out) => $nearfar->nearfar_hasher_digest($hasher, ...$out));
$nearfar->nearfar_hasher_free($hasher);
echo 'stream ', bin2hex($digest), "\n";

$key = $nearfar->new('nearfar_key *');
$publicKey = $nearfar->new('nearfar_key *');
$seed = str_repeat("\x01", 32);
$check($nearfar->nearfar_key_import_private($seed, 32, 'raw', 'ed25519', FFI::addr($key)));
$check($nearfar->nearfar_key_public($key, FFI::addr($publicKey)));
$signature = $output(64, fn (...$out) =>
    $nearfar->nearfar_sign($key, $data, strlen($data), ...$out));
echo 'signature ', bin2hex($signature), "\n";
$verify = fn (string $message): int => $nearfar->nearfar_verify(
    $publicKey, $message, strlen($message), $signature, strlen($signature));
$check($verify($data));
echo 'forged: ', $nearfar->nearfar_error_text($verify('Hello, World?')), "\n";
$nearfar->nearfar_key_free($publicKey);
$nearfar->nearfar_key_free($key);
