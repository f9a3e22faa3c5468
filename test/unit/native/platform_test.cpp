#include "check.h"
#include "platform/library.h"

using namespace nearfar;

static void the_process_itself_is_a_library() {
  Result<platform::LibraryHandle> self = platform::open_library(nullptr);
  if (!CHECK(bool(self))) return;
  CHECK(!platform::find_symbol(self.value(), "no_such_symbol_anywhere"));
  platform::close_library(self.value());
}

static void a_missing_library_is_an_error_in_the_systems_words() {
  Result<platform::LibraryHandle> missing = platform::open_library("./no-such-library");
  CHECK(!missing);
  CHECK(missing.error().code == ErrorCode::kLibraryNotFound);
  CHECK(missing.error().detail.find("no-such-library") != std::string::npos);
}

static void a_library_can_be_pinned_and_a_wild_address_cannot() {
  Result<platform::LibraryHandle> self = platform::open_library(nullptr);
  Result<void*> in_libc = platform::find_symbol(self.value(), "getpid");
  if (CHECK(bool(in_libc))) CHECK(platform::pin_module(in_libc.value()));
  CHECK(!platform::pin_module(nullptr));
}

void test_platform() {
  a_library_can_be_pinned_and_a_wild_address_cannot();
  the_process_itself_is_a_library();
  a_missing_library_is_an_error_in_the_systems_words();
}
