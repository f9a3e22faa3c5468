#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include "helper/process.h"

namespace nearfar::helper {

// The end of stdin tells; a client that wants more puts the process into a job object.
void end_with_parent() {}

// No dialog, which nobody would answer, and no debugger: the parent sees the exception's code as
// exit code.
void report_crashes() {
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  SetUnhandledExceptionFilter([](EXCEPTION_POINTERS* exception) -> LONG {
    const DWORD code = exception->ExceptionRecord->ExceptionCode;
    end_process(static_cast<int>(code));
  });
}

void prepare_thread() {}

void end_process(int status) {
  TerminateProcess(GetCurrentProcess(), static_cast<UINT>(status));
  for (;;) Sleep(INFINITE);
}

}  // namespace nearfar::helper
