#pragma once

#include <cstdio>

// The least that a test needs: a count of checks, and a line for each that fails.
namespace test {

inline int passed = 0;
inline int failed = 0;

inline bool check(bool condition, const char* what, const char* file, int line) {
  if (condition) {
    ++passed;
  } else {
    ++failed;
    std::printf("FAILED %s:%d: %s\n", file, line, what);
  }
  return condition;
}

}  // namespace test

#define CHECK(condition) ::test::check((condition), #condition, __FILE__, __LINE__)
