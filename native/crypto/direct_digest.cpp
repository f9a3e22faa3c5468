#include "crypto/direct_digest.h"

#include "crypto/binder.h"

namespace nearfar::crypto {
namespace {

struct DirectNames {
  std::string_view algorithm;
  const char* init;
  const char* update;
  const char* final;
};

// SHA-224 and SHA-384 finish with their own functions and share the rest of the code.
constexpr DirectNames kNames[] = {
    {"sha1", "SHA1_Init", "SHA1_Update", "SHA1_Final"},
    {"sha224", "SHA224_Init", "SHA224_Update", "SHA224_Final"},
    {"sha256", "SHA256_Init", "SHA256_Update", "SHA256_Final"},
    {"sha384", "SHA384_Init", "SHA384_Update", "SHA384_Final"},
    {"sha512", "SHA512_Init", "SHA512_Update", "SHA512_Final"},
    {"md5", "MD5_Init", "MD5_Update", "MD5_Final"},
};

struct ProviderApi {
  const void* (*of_md)(const Md* md);
  const char* (*name)(const void* provider);
};

}  // namespace

bool is_of_default_provider(const Md* md) {
  Binder binder;
  ProviderApi api{};
  binder.bind(api.of_md, "EVP_MD_get0_provider");
  binder.bind(api.name, "OSSL_PROVIDER_get0_name");
  if (binder.failed()) return false;
  const void* provider = api.of_md(md);
  return provider != nullptr && std::string_view(api.name(provider)) == "default";
}

std::optional<DirectDigest> find_direct_functions(std::string_view name) {
  for (const DirectNames& names : kNames) {
    if (names.algorithm != name) continue;
    Binder binder;
    DirectDigest digest{};
    binder.bind(digest.init, names.init);
    binder.bind(digest.update, names.update);
    binder.bind(digest.final, names.final);
    if (binder.failed()) return {};
    return digest;
  }
  return {};
}

std::optional<DirectDigest> find_direct_digest(std::string_view name, const Md* md) {
  std::optional<DirectDigest> digest = find_direct_functions(name);
  if (digest && !is_of_default_provider(md)) digest.reset();
  return digest;
}

}  // namespace nearfar::crypto
