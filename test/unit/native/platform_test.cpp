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

void test_platform() {
  the_process_itself_is_a_library();
  a_missing_library_is_an_error_in_the_systems_words();
}
