# ruby main.rb "$(npx nearfar doctor --c --library)"
require "fiddle/import"

module Nearfar
  extend Fiddle::Importer
  dlload ARGV.fetch(0)

  extern "const char *nearfar_error_text(int code)"
  extern "int nearfar_hash(const void *, size_t, const char *, char *, size_t)"
  extern "int nearfar_hmac(const void *, size_t, const void *, size_t, const char *, void *, size_t, void *)"
  extern "int nearfar_hasher_new(const char *, void *)"
  extern "int nearfar_hasher_update(void *, const void *, size_t)"
  extern "int nearfar_hasher_digest(void *, void *, size_t, void *)"
  extern "void nearfar_hasher_free(void *)"
  extern "int nearfar_key_import_private(const void *, size_t, const char *, const char *, void *)"
  extern "int nearfar_key_public(const void *, void *)"
  extern "void nearfar_key_free(void *)"
  extern "int nearfar_sign(const void *, const void *, size_t, void *, size_t, void *)"
  extern "int nearfar_verify(const void *, const void *, size_t, const void *, size_t)"

  module_function

  def check(code)
    raise nearfar_error_text(code).to_s unless code.zero?
  end

  # The handle that the block has a pointer to put into.
  def handle
    place = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
    check(yield(place))
    place.ptr
  end

  # What the block's function writes, which ends with an output, its capacity and its length.
  def output(capacity)
    out = Fiddle::Pointer.malloc(capacity, Fiddle::RUBY_FREE)
    length = Fiddle::Pointer.malloc(Fiddle::SIZEOF_SIZE_T, Fiddle::RUBY_FREE)
    check(yield(out, capacity, length))
    out[0, length[0, Fiddle::SIZEOF_SIZE_T].unpack1("J")]
  end
end

data = "Hello, World!"
text = Fiddle::Pointer.malloc(65, Fiddle::RUBY_FREE)
Nearfar.check(Nearfar.nearfar_hash(data, data.bytesize, "SHA-256", text, 65))
puts "hash #{text.to_s}"

hmac = Nearfar.output(64) do |*out|
  Nearfar.nearfar_hmac("key", 3, data, data.bytesize, "SHA-512", *out)
end
puts "hmac #{hmac.unpack1("H*")}"

hasher = Nearfar.handle { |place| Nearfar.nearfar_hasher_new("SHA3-256", place) }
[data[0, 5], data[5..]].each do |part|
  Nearfar.check(Nearfar.nearfar_hasher_update(hasher, part, part.bytesize))
end
digest = Nearfar.output(32) { |*out| Nearfar.nearfar_hasher_digest(hasher, *out) }
Nearfar.nearfar_hasher_free(hasher)
puts "stream #{digest.unpack1("H*")}"

key = Nearfar.handle do |place|
  Nearfar.nearfar_key_import_private("\x01" * 32, 32, "raw", "ed25519", place)
end
public_key = Nearfar.handle { |place| Nearfar.nearfar_key_public(key, place) }
signature = Nearfar.output(64) { |*out| Nearfar.nearfar_sign(key, data, data.bytesize, *out) }
puts "signature #{signature.unpack1("H*")}"
verify = lambda do |message|
  Nearfar.nearfar_verify(public_key, message, message.bytesize, signature, signature.bytesize)
end
Nearfar.check(verify.call(data))
puts "forged: #{Nearfar.nearfar_error_text(verify.call("Hello, World?"))}"
Nearfar.nearfar_key_free(public_key)
Nearfar.nearfar_key_free(key)
