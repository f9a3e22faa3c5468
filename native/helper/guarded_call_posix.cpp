#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "helper/guarded_call.h"

#if defined(__linux__) && defined(__x86_64__)
asm(".text\n"
    ".hidden nearfar_guarded_call\n"
    ".globl nearfar_guarded_call\n"
    ".type nearfar_guarded_call, @function\n"
    "nearfar_guarded_call:\n"
    "  endbr64\n"
    "  movq %rdi, %rax\n"
    "  movq %rsi, %rdi\n"
    "  movq %rdx, %rsi\n"
    "  movq %rcx, %rdx\n"
    "  syscall\n"
    ".hidden nearfar_guarded_return\n"
    ".globl nearfar_guarded_return\n"
    "nearfar_guarded_return:\n"
    "  ret\n");
#define NEARFAR_GUARDED 1
#elif defined(__linux__) && defined(__aarch64__)
asm(".text\n"
    ".hidden nearfar_guarded_call\n"
    ".globl nearfar_guarded_call\n"
    ".type nearfar_guarded_call, @function\n"
    "nearfar_guarded_call:\n"
    "  mov x8, x0\n"
    "  mov x0, x1\n"
    "  mov x1, x2\n"
    "  mov x2, x3\n"
    "  svc #0\n"
    ".hidden nearfar_guarded_return\n"
    ".globl nearfar_guarded_return\n"
    "nearfar_guarded_return:\n"
    "  ret\n");
#define NEARFAR_GUARDED 1
#endif

#if defined(NEARFAR_GUARDED)
extern "C" intptr_t nearfar_guarded_call(intptr_t number, intptr_t stream, const void* bytes,
                                         size_t size);
extern "C" const char nearfar_guarded_return[];

namespace nearfar::helper {

intptr_t guarded_read(int stream, void* room, size_t size) {
  return nearfar_guarded_call(SYS_read, stream, room, size);
}

intptr_t guarded_write(int stream, const void* bytes, size_t size) {
  return nearfar_guarded_call(SYS_write, stream, bytes, size);
}

uint64_t guarded_return_address() { return reinterpret_cast<uintptr_t>(nearfar_guarded_return); }

}  // namespace nearfar::helper
#else
namespace nearfar::helper {

intptr_t guarded_read(int stream, void* room, size_t size) {
  const ssize_t count = read(stream, room, size);
  return count >= 0 ? count : -errno;
}

intptr_t guarded_write(int stream, const void* bytes, size_t size) {
  const ssize_t count = write(stream, bytes, size);
  return count >= 0 ? count : -errno;
}

uint64_t guarded_return_address() { return 0; }

}  // namespace nearfar::helper
#endif
