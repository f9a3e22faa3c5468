// The second needs the types of the first.
// clang-format off
#include <windows.h>
#include <delayimp.h>
// clang-format on

#include <cstring>

// The addon takes Node-API from the program that loads it, whatever the name of its file is:
// node.exe in the import library stands for it.
namespace {

FARPROC WINAPI take_from_program(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleA(nullptr));
}

}  // namespace

// In braces: GCC warns of an initializer behind a plain `extern "C"`.
extern "C" {
PfnDliHook __pfnDliNotifyHook2 = take_from_program;
}
