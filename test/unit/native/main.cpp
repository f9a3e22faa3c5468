#include "check.h"

void test_abi();
void test_aggregates();
void test_closure_code();
void test_closures();
void test_core();
void test_platform();
void test_variadics();

int main() {
  test_abi();
  test_aggregates();
  test_variadics();
  test_closures();
  test_closure_code();
  test_core();
  test_platform();
  std::printf("native: %d passed, %d failed\n", test::passed, test::failed);
  return test::failed == 0 ? 0 : 1;
}
