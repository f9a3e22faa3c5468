#!/usr/bin/perl
# perl main.pl "$(npx nearfar doctor --c --library)"   (Debian: libffi-platypus-perl)
use strict;
use warnings;
use FFI::Platypus 1.00;

my $ffi = FFI::Platypus->new(api => 1, lib => $ARGV[0]);
$ffi->attach(nearfar_error_text => ['int'] => 'string');
$ffi->attach(nearfar_hash => ['string', 'size_t', 'string', 'opaque', 'size_t'] => 'int');
$ffi->attach(
  nearfar_hmac =>
    ['string', 'size_t', 'string', 'size_t', 'string', 'opaque', 'size_t', 'size_t*'] => 'int'
);
$ffi->attach(nearfar_hasher_new => ['string', 'opaque*'] => 'int');
$ffi->attach(nearfar_hasher_update => ['opaque', 'string', 'size_t'] => 'int');
$ffi->attach(nearfar_hasher_digest => ['opaque', 'opaque', 'size_t', 'size_t*'] => 'int');
$ffi->attach(nearfar_hasher_free => ['opaque'] => 'void');
$ffi->attach(
  nearfar_key_import_private => ['string', 'size_t', 'string', 'string', 'opaque*'] => 'int');
$ffi->attach(nearfar_key_public => ['opaque', 'opaque*'] => 'int');
$ffi->attach(nearfar_key_free => ['opaque'] => 'void');
$ffi->attach(nearfar_sign => ['opaque', 'string', 'size_t', 'opaque', 'size_t', 'size_t*'] => 'int');
$ffi->attach(nearfar_verify => ['opaque', 'string', 'size_t', 'string', 'size_t'] => 'int');

sub check {
  my ($code) = @_;
  die nearfar_error_text($code), "\n" if $code != 0;
}

# What a function writes that ends with an output, its capacity and its length.
sub output {
  my ($capacity, $call) = @_;
  my $memory = "\0" x $capacity;
  my $address = $ffi->cast('string' => 'opaque', $memory);
  my $length = 0;
  check($call->($address, $capacity, \$length));
  return substr($memory, 0, $length);
}

my $data = 'Hello, World!';
my $size = length $data;
my $text = "\0" x 65;
check(nearfar_hash($data, $size, 'SHA-256', $ffi->cast('string' => 'opaque', $text), 65));
print 'hash ', substr($text, 0, 64), "\n";

print 'hmac ', unpack('H*', output(64, sub { nearfar_hmac('key', 3, $data, $size, 'SHA-512', @_) })),
  "\n";

my $hasher;
check(nearfar_hasher_new('SHA3-256', \$hasher));
check(nearfar_hasher_update($hasher, $_, length $_)) for substr($data, 0, 5), substr($data, 5);
print 'stream ', unpack('H*', output(32, sub { nearfar_hasher_digest($hasher, @_) })), "\n";
nearfar_hasher_free($hasher);

my ($key, $public_key);
check(nearfar_key_import_private("\1" x 32, 32, 'raw', 'ed25519', \$key));
check(nearfar_key_public($key, \$public_key));
my $signature = output(64, sub { nearfar_sign($key, $data, $size, @_) });
print 'signature ', unpack('H*', $signature), "\n";
check(nearfar_verify($public_key, $data, $size, $signature, length $signature));
my $forged = nearfar_verify($public_key, 'Hello, World?', $size, $signature, length $signature);
print 'forged: ', nearfar_error_text($forged), "\n";
nearfar_key_free($public_key);
nearfar_key_free($key);
