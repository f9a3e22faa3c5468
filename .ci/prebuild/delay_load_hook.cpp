#include <windows.h>
#include <delayimp.h>

#include <cstring>

// The addon takes Node-API from the program that loads it, whatever the name of its file is: node.exe
// in the import library stands for it.
namespace {

FARPROC WINAPI take_from_program(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleA(nullptr));
}

}  // namespace

extern "C" PfnDliHook __pfnDliNotifyHook2 = take_from_program;
