#include <cstring>

#include "check.h"

void test_abi();
void test_aggregates();
void test_call_copies();
void test_capi_hash();
void test_capi_hasher();
void test_capi_keys();
void test_capi_signatures();
void test_capi_without_libcrypto();
void test_closure_code();
void test_closures();
void test_core();
void test_ecdsa_encoding();
void test_platform();
void test_variadics();

// `--without-libcrypto`: there is none for the machine that this was built for.
int main(int count, char** arguments) {
  const bool has_libcrypto = count < 2 || std::strcmp(arguments[1], "--without-libcrypto") != 0;
  test_abi();
  test_aggregates();
  test_variadics();
  test_closures();
  test_call_copies();
  test_closure_code();
  test_core();
  test_ecdsa_encoding();
  if (has_libcrypto) {
    test_capi_hash();
    test_capi_hasher();
    test_capi_keys();
    test_capi_signatures();
  } else {
    test_capi_without_libcrypto();
  }
  test_platform();
  std::printf("native: %d passed, %d failed\n", test::passed, test::failed);
  return test::failed == 0 ? 0 : 1;
}
