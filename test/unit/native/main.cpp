#include "check.h"

void test_abi();
void test_aggregates();
void test_core();
void test_platform();

int main() {
  test_abi();
  test_aggregates();
  test_core();
  test_platform();
  std::printf("native: %d passed, %d failed\n", test::passed, test::failed);
  return test::failed == 0 ? 0 : 1;
}
