#include "abi/closure_code.h"

#include <cstdio>

#include "agreement.h"

// The pages behind closures: where their code comes from, and what it looks like to the system.
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

using namespace nearfar;

namespace {

// The permissions of the page at an address, and whether it is of a file.
struct Mapping {
  std::string permissions;
  bool of_file = false;
};

Mapping mapping_of(const void* address) {
  const auto wanted = reinterpret_cast<unsigned long>(address);
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  Mapping found;
  char line[4096];
  while (maps != nullptr && std::fgets(line, sizeof line, maps) != nullptr) {
    unsigned long start = 0;
    unsigned long end = 0;
    char permissions[5] = {};
    unsigned long inode = 0;
    if (std::sscanf(line, "%lx-%lx %4s %*s %*s %lu", &start, &end, permissions, &inode) != 4) {
      continue;
    }
    if (start <= wanted && wanted < end) found = {permissions, inode != 0};
  }
  if (maps != nullptr) std::fclose(maps);
  return found;
}

void code_is_mapped_once_more_from_the_module() {
  Result<std::byte*> block = abi::map_thunk_block(abi::closure_code().block);
  if (!CHECK(bool(block))) return;
  const Mapping code = mapping_of(block.value());
  CHECK(code.of_file && code.permissions == "r-xp");
  abi::seal_thunk_block(block.value());
  CHECK(mapping_of(block.value() + abi::kThunkBlockBytes).permissions == "r--p");
  abi::unmap_thunk_block(block.value());
}

// A file that cannot be opened, as where there is no /proc, leaves the copy.
void code_is_copied_where_the_module_cannot_be_opened() {
  rlimit before = {};
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 0;
  CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
  Result<std::byte*> block = abi::map_thunk_block(abi::closure_code().block);
  CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
  if (!CHECK(bool(block))) return;
  const Mapping code = mapping_of(block.value());
  CHECK(!code.of_file && code.permissions == "r-xp");
  CHECK(std::memcmp(block.value(), abi::closure_code().block, abi::kThunkBlockBytes) == 0);
  abi::unmap_thunk_block(block.value());
}

// Code other than the module's is what a file replaced since then has.
void code_that_is_not_in_the_file_is_copied() {
  std::vector<std::byte> other(abi::kThunkBlockBytes, std::byte{0x5a});
  Result<std::byte*> block = abi::map_thunk_block(other.data());
  if (!CHECK(bool(block))) return;
  CHECK(!mapping_of(block.value()).of_file);
  CHECK(std::memcmp(block.value(), other.data(), other.size()) == 0);
  abi::unmap_thunk_block(block.value());
}

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
// Linux 6.3: no page that was written becomes executable any more.
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

int make_closure_where_memory_is_protected() {
  if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0) return 0;  // An older kernel.
  const test::Types types = test::types_of<int64_t>();
  const Result<abi::Plan> plan = abi::make_plan({types.arguments, types.result});
  const auto give = [](void*, abi::Registers& registers, const uint64_t*) {
    registers.result_gp[0] = 42;
  };
  for (size_t count = 0; count < 2 * abi::closure_code().thunks; ++count) {
    const Result<void*> closure = abi::make_closure(give, nullptr, plan.value());
    if (!closure) return 1;
    if (reinterpret_cast<int64_t (*)()>(closure.value())() != 42) return 2;
  }
  return 0;
}

void closures_need_no_executable_heap() {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) _exit(make_closure_where_memory_is_protected());
  int status = -1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}
#endif

// What a debugger, a profiler or an exception of the callback's caller needs.
struct Trace {
  const void* wanted;
  bool found = false;
};

_Unwind_Reason_Code look_at(_Unwind_Context* frame, void* context) {
  Trace& trace = *static_cast<Trace*>(context);
  const auto address = static_cast<uintptr_t>(_Unwind_GetIP(frame)) - 1;
  const void* function = _Unwind_FindEnclosingFunction(reinterpret_cast<void*>(address));
  trace.found = trace.found || function == trace.wanted;
  return _URC_NO_REASON;
}

__attribute__((noinline)) int64_t call_from_here(int64_t (*function)(int64_t)) {
  const int64_t result = function(1);
  asm volatile("" ::: "memory");  // Not a tail call, which leaves no frame.
  return result + 1;
}

void the_stack_unwinds_through_a_closure() {
  const test::Types types = test::types_of<int64_t, int64_t>();
  const abi::Plan plan = abi::make_plan({types.arguments, types.result}).value();
  static Trace trace = {reinterpret_cast<const void*>(&call_from_here)};
  const auto look = [](void*, abi::Registers&, const uint64_t*) {
    _Unwind_Backtrace(look_at, &trace);
  };
  Result<void*> closure = abi::make_closure(look, nullptr, plan);
  if (!CHECK(bool(closure))) return;
  CHECK(call_from_here(reinterpret_cast<int64_t (*)(int64_t)>(closure.value())) == 1);
  CHECK(trace.found);
  abi::release_closure(closure.value());
}

}  // namespace

void test_closure_code() {
  code_is_mapped_once_more_from_the_module();
  code_is_copied_where_the_module_cannot_be_opened();
  code_that_is_not_in_the_file_is_copied();
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
  closures_need_no_executable_heap();
#endif
  the_stack_unwinds_through_a_closure();
}

#else

void test_closure_code() {}

#endif
