// Closures' code for x64 on Windows, as bytes, because Microsoft's compiler assembles nothing for
// x64. Offsets are those of Registers, 32 bytes up: a callee may use the words below.
#if defined(_WIN32) && (defined(__x86_64__) || defined(_M_X64))

#include <array>

#include "abi/closure_code.h"

namespace nearfar::abi {
namespace {

constexpr uint8_t kThunk[kThunkBytes] = {
    0xf3, 0x0f, 0x1e, 0xfa,                    // endbr64
    0x4c, 0x8d, 0x1d, 0xf5, 0x0f, 0x00, 0x00,  // lea r11, [rip + 4096 - 11]
    0x41, 0xff, 0x23,                          // jmp [r11]
    0xcc, 0xcc,                                // int3
};

constexpr uint8_t kEntry[] = {
    0x48, 0x81, 0xec, 0xf8, 0x00, 0x00, 0x00,              // sub rsp, 248
    0x48, 0x89, 0x4c, 0x24, 0x20,                          // mov [rsp + 32], rcx
    0x48, 0x89, 0x54, 0x24, 0x28,                          // mov [rsp + 40], rdx
    0x4c, 0x89, 0x44, 0x24, 0x30,                          // mov [rsp + 48], r8
    0x4c, 0x89, 0x4c, 0x24, 0x38,                          // mov [rsp + 56], r9
    0xf2, 0x0f, 0x11, 0x44, 0x24, 0x60,                    // movsd [rsp + 96], xmm0
    0xf2, 0x0f, 0x11, 0x4c, 0x24, 0x68,                    // movsd [rsp + 104], xmm1
    0xf2, 0x0f, 0x11, 0x54, 0x24, 0x70,                    // movsd [rsp + 112], xmm2
    0xf2, 0x0f, 0x11, 0x5c, 0x24, 0x78,                    // movsd [rsp + 120], xmm3
    0x49, 0x8b, 0x4b, 0x08,                                // mov rcx, [r11 + 8]: the record
    0x48, 0x8d, 0x54, 0x24, 0x20,                          // lea rdx, [rsp + 32]: the registers
    0x4c, 0x8d, 0x84, 0x24, 0x20, 0x01, 0x00, 0x00,        // lea r8, [rsp + 288]: stack words,
                                                           // past return address and home space
    0xff, 0x11,                                            // call [rcx]
    0x48, 0x8b, 0x84, 0x24, 0xa0, 0x00, 0x00, 0x00,        // mov rax, [rsp + 160]
    0xf2, 0x0f, 0x10, 0x84, 0x24, 0xb0, 0x00, 0x00, 0x00,  // movsd xmm0, [rsp + 176]
    0x48, 0x81, 0xc4, 0xf8, 0x00, 0x00, 0x00,              // add rsp, 248
    0xc3,                                                  // ret
};

constexpr size_t kThunks = (kThunkBlockBytes - sizeof kEntry) / kThunkBytes;

constexpr std::array<std::byte, kThunkBlockBytes> make_block() {
  std::array<std::byte, kThunkBlockBytes> block = {};
  size_t at = 0;
  for (size_t thunk = 0; thunk < kThunks; ++thunk) {
    for (const uint8_t byte : kThunk) block[at++] = std::byte{byte};
  }
  for (const uint8_t byte : kEntry) block[at++] = std::byte{byte};
  return block;
}

constexpr std::array<std::byte, kThunkBlockBytes> kBlock = make_block();

static_assert(offsetof(Registers, fp) == 64 && offsetof(Registers, result_gp) == 128 &&
              offsetof(Registers, result_fp) == 144 && offsetof(Registers, stack) == 208);

}  // namespace

ClosureCode closure_code() { return {kBlock.data(), kThunks, nullptr}; }

}  // namespace nearfar::abi

#endif
