// Closures' code for System V AMD64. Offsets are those of Registers.
#if defined(__x86_64__) && !defined(_WIN32)

#include "abi/closure_code.h"

#if defined(__APPLE__)
#define NEARFAR_SYMBOL(name) "_" #name
#define NEARFAR_HIDDEN(name) ".globl _" #name "\n.private_extern _" #name "\n"
#else
#define NEARFAR_SYMBOL(name) #name
#define NEARFAR_HIDDEN(name) ".globl " #name "\n.hidden " #name "\n"
#endif

// A thunk: endbr64 is where indirect branches may land under Intel CET; r11 is the scratch register
// that no convention passes anything in. `lea` counts from the next instruction, 11 bytes on.
asm(".text\n"
    ".balign 4096\n"
    NEARFAR_HIDDEN(nearfar_closure_thunks)
    NEARFAR_SYMBOL(nearfar_closure_thunks) ":\n"
    ".rept 256\n"
    "  endbr64\n"
    "  leaq 4096 - 11(%rip), %r11\n"
    "  jmpq *(%r11)\n"
    "  .balign 16, 0xcc\n"
    ".endr\n"

    ".balign 16\n"
    NEARFAR_HIDDEN(nearfar_closure_entry)
    NEARFAR_SYMBOL(nearfar_closure_entry) ":\n"
    ".cfi_startproc\n"
    "  endbr64\n"
    "  subq $216, %rsp\n"  // Registers without its stack words, and 8 bytes for alignment.
    "  .cfi_adjust_cfa_offset 216\n"
    "  movq %rdi, 0(%rsp)\n"
    "  movq %rsi, 8(%rsp)\n"
    "  movq %rdx, 16(%rsp)\n"
    "  movq %rcx, 24(%rsp)\n"
    "  movq %r8, 32(%rsp)\n"
    "  movq %r9, 40(%rsp)\n"
    "  movsd %xmm0, 64(%rsp)\n"
    "  movsd %xmm1, 72(%rsp)\n"
    "  movsd %xmm2, 80(%rsp)\n"
    "  movsd %xmm3, 88(%rsp)\n"
    "  movsd %xmm4, 96(%rsp)\n"
    "  movsd %xmm5, 104(%rsp)\n"
    "  movsd %xmm6, 112(%rsp)\n"
    "  movsd %xmm7, 120(%rsp)\n"
    "  movq 8(%r11), %rdi\n"       // The record,
    "  movq %rsp, %rsi\n"          // the registers,
    "  leaq 224(%rsp), %rdx\n"     // and the caller's stack words, past the return address.
    "  callq *(%rdi)\n"
    "  testb %al, %al\n"
    "  jne 1f\n"
    "  movq 128(%rsp), %rax\n"
    "  movq 136(%rsp), %rdx\n"
    "  movsd 144(%rsp), %xmm0\n"
    "  movsd 152(%rsp), %xmm1\n"
    "  addq $216, %rsp\n"
    "  .cfi_remember_state\n"
    "  .cfi_adjust_cfa_offset -216\n"
    "  ret\n"
    "1:\n"
    "  .cfi_restore_state\n"
    "  fldt 176(%rsp)\n"
    "  addq $216, %rsp\n"
    "  .cfi_adjust_cfa_offset -216\n"
    "  ret\n"
    ".cfi_endproc\n");

extern "C" {
extern const std::byte nearfar_closure_thunks[] __attribute__((visibility("hidden")));
extern const std::byte nearfar_closure_entry[] __attribute__((visibility("hidden")));
}

namespace nearfar::abi {

static_assert(offsetof(Registers, fp) == 64 && offsetof(Registers, result_gp) == 128 &&
              offsetof(Registers, result_fp) == 144 && offsetof(Registers, result_x87) == 176 &&
              offsetof(Registers, stack) == 208 && kThunkBlockBytes == 4096);

ClosureCode closure_code() {
  return {nearfar_closure_thunks, kThunkBlockBytes / kThunkBytes, nearfar_closure_entry};
}

}  // namespace nearfar::abi

#endif
