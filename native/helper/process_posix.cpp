#include <signal.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "helper/call.h"
#include "helper/process.h"
#include "helper/signal_message.h"

namespace nearfar::helper {
namespace {

// For the handler below, which calls little.
constexpr size_t kAlternateStackBytes = 32 * 1024;

struct FatalSignal {
  int number;
  const char* name;
};

constexpr FatalSignal kFatalSignals[] = {{SIGSEGV, "SIGSEGV"},
                                         {SIGBUS, "SIGBUS"},
                                         {SIGILL, "SIGILL"},
                                         {SIGFPE, "SIGFPE"},
                                         {SIGABRT, "SIGABRT"}};

void report(int number, siginfo_t* info, void*) {
  SignalMessage message;
  message.add("ffi-helper: [ERROR] ");
  for (const FatalSignal& signal : kFatalSignals) {
    if (signal.number == number) message.add(signal.name);
  }
  if (info->si_code > 0 && number != SIGABRT) {  // Of the kernel, and not sent by a process.
    message.add(" at ");
    message.add_address(reinterpret_cast<uintptr_t>(info->si_addr));
  }
  const char* function = current_function();
  message.add(function == nullptr ? " outside of a call" : " in ");
  if (function != nullptr) message.add(function);
  message.write_line();
  // The default action, as soon as this handler has returned.
  signal(number, SIG_DFL);
  raise(number);
}

}  // namespace

void end_with_parent() {
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

void report_crashes() {
  struct sigaction action {};
  action.sa_sigaction = report;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const FatalSignal& fatal : kFatalSignals) sigaction(fatal.number, &action, nullptr);
  // A client that is gone is no reason to die in the middle of something.
  signal(SIGPIPE, SIG_IGN);
}

void prepare_thread() {
#if defined(__linux__)
  prctl(PR_SET_NAME, "nearfar-call");
#endif
  stack_t stack{};
  stack.ss_sp = std::malloc(kAlternateStackBytes);  // Threads live as long as the process.
  stack.ss_size = kAlternateStackBytes;
  if (stack.ss_sp != nullptr) sigaltstack(&stack, nullptr);
}

void end_process(int status) { _exit(status); }

}  // namespace nearfar::helper
