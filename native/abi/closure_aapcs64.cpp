// Closures' code for AArch64. Offsets are those of Registers.
#if defined(__aarch64__)

#include "abi/closure_code.h"

#if defined(__APPLE__)
#define NEARFAR_SYMBOL(name) "_" #name
#define NEARFAR_HIDDEN(name) ".globl _" #name "\n.private_extern _" #name "\n"
#define NEARFAR_BLOCK_BYTES "16384"
#define NEARFAR_THUNKS "1024"
#define NEARFAR_SLOT_DISTANCE "16380"
#else
#define NEARFAR_SYMBOL(name) #name
#define NEARFAR_HIDDEN(name) ".globl " #name "\n.hidden " #name "\n"
#define NEARFAR_BLOCK_BYTES "65536"
#define NEARFAR_THUNKS "4096"
#define NEARFAR_SLOT_DISTANCE "65532"
#endif

// A thunk: hint 34 is `bti c`, where indirect branches may land; x16 and x17 are the scratch
// registers of procedure linkage. `adr` counts from itself, 4 bytes into the thunk.
asm(".text\n"
    ".balign " NEARFAR_BLOCK_BYTES "\n"
    NEARFAR_HIDDEN(nearfar_closure_thunks)
    NEARFAR_SYMBOL(nearfar_closure_thunks) ":\n"
    ".rept " NEARFAR_THUNKS "\n"
    "  hint #34\n"
    "  adr x17, #" NEARFAR_SLOT_DISTANCE "\n"
    "  ldr x16, [x17]\n"
    "  br x16\n"
    ".endr\n"

    NEARFAR_HIDDEN(nearfar_closure_entry)
    NEARFAR_SYMBOL(nearfar_closure_entry) ":\n"
    ".cfi_startproc\n"
    "  hint #34\n"
    "  sub sp, sp, #224\n"  // Registers without its stack words, and the frame record.
    "  .cfi_def_cfa_offset 224\n"
    "  stp x29, x30, [sp, #208]\n"
    "  .cfi_offset x29, -16\n"
    "  .cfi_offset x30, -8\n"
    "  add x29, sp, #208\n"
    "  stp x0, x1, [sp, #0]\n"
    "  stp x2, x3, [sp, #16]\n"
    "  stp x4, x5, [sp, #32]\n"
    "  stp x6, x7, [sp, #48]\n"
    "  stp d0, d1, [sp, #64]\n"
    "  stp d2, d3, [sp, #80]\n"
    "  stp d4, d5, [sp, #96]\n"
    "  stp d6, d7, [sp, #112]\n"
    "  str x8, [sp, #192]\n"
    "  ldr x0, [x17, #8]\n"   // The record,
    "  mov x1, sp\n"          // the registers,
    "  add x2, sp, #224\n"    // and the caller's stack words.
    "  ldr x9, [x0]\n"
    "  blr x9\n"
    "  ldp x0, x1, [sp, #128]\n"
    "  ldp d0, d1, [sp, #144]\n"
    "  ldp d2, d3, [sp, #160]\n"
    "  ldp x29, x30, [sp, #208]\n"
    "  .cfi_restore x29\n"
    "  .cfi_restore x30\n"
    "  add sp, sp, #224\n"
    "  .cfi_def_cfa_offset 0\n"
    "  ret\n"
    ".cfi_endproc\n");

extern "C" {
extern const std::byte nearfar_closure_thunks[] __attribute__((visibility("hidden")));
extern const std::byte nearfar_closure_entry[] __attribute__((visibility("hidden")));
}

namespace nearfar::abi {

static_assert(offsetof(Registers, fp) == 64 && offsetof(Registers, result_gp) == 128 &&
              offsetof(Registers, result_fp) == 144 &&
              offsetof(Registers, indirect_result) == 192 && offsetof(Registers, stack) == 208);

ClosureCode closure_code() {
  return {nearfar_closure_thunks, kThunkBlockBytes / kThunkBytes, nearfar_closure_entry};
}

}  // namespace nearfar::abi

#endif
