#include <cstdlib>

// What the headers of GCC 12 call and the libstdc++ of GCC 8 to 10 does not have.
namespace std {

[[noreturn]] void __throw_bad_array_new_length() { abort(); }

}  // namespace std
