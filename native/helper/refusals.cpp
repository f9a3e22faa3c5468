#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include "helper/refusals.h"

#include <signal.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "helper/call.h"
#include "helper/log.h"
#include "helper/seccomp_filter.h"
#include "helper/signal_message.h"

namespace nearfar::helper {
namespace {

// A library that tries more has made its point.
constexpr size_t kMostEvents = 256;
constexpr size_t kMostLogged = 32;

struct Event {
  std::atomic<bool> is_complete = false;
  int number = 0;
  char detail[200] = "";
};

Event events[kMostEvents];
std::atomic<size_t> event_count = 0;

#if defined(__x86_64__)
uint64_t argument_of(const ucontext_t& context, int index) {
  constexpr int kRegisters[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
  return static_cast<uint64_t>(context.uc_mcontext.gregs[kRegisters[index]]);
}

void set_result(ucontext_t& context, int result) { context.uc_mcontext.gregs[REG_RAX] = result; }
#else
uint64_t argument_of(const ucontext_t& context, int index) {
  return context.uc_mcontext.regs[index];
}

void set_result(ucontext_t& context, int result) {
  context.uc_mcontext.regs[0] = static_cast<uint64_t>(static_cast<int64_t>(result));
}
#endif

// The address is the library's and may be anything: the kernel looks, and tells.
void copy_text(uint64_t address, char* room, size_t size) {
  for (size_t at = 0; at + 1 < size; ++at) {
    iovec local{room + at, 1};
    iovec remote{reinterpret_cast<void*>(address + at), 1};
    if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != 1) room[at] = '\0';
    if (room[at] == '\0') return;
    if (static_cast<unsigned char>(room[at]) < 0x20) room[at] = '?';
  }
  room[size - 1] = '\0';
}

void log_event(const Event& event, const char* name) {
  SignalMessage message;
  message.add("ffi-helper: [WARN] the sandbox refused ");
  message.add(name);
  if (event.detail[0] != '\0') message.add(" ");
  message.add(event.detail);
  if (const char* function = current_function()) {
    message.add(" in ");
    message.add(function);
  }
  message.write_line();
}

void handle_refusal(int, siginfo_t* info, void* data) {
  ucontext_t& context = *static_cast<ucontext_t*>(data);
  const int error = errno;
  if (info->si_code != 1) return;  // SYS_SECCOMP; anybody can send the signal.
  const size_t index = event_count.fetch_add(1);
  if (index < kMostEvents) {
    Event& event = events[index];
    event.number = info->si_syscall;
    const int path = path_argument(event.number);
    if (path >= 0) copy_text(argument_of(context, path), event.detail, sizeof event.detail);
    event.is_complete = true;
    const char* name = system_call_name(event.number);
    if (index < kMostLogged && is_logged(LogLevel::kWarn)) {
      log_event(event, name == nullptr ? "a system call" : name);
    }
  }
  set_result(context, -EPERM);
  errno = error;
}

std::string name_of(int number) {
  const char* name = system_call_name(number);
  return name != nullptr ? name : "system call " + std::to_string(number);
}

}  // namespace

void report_refusals() {
  struct sigaction action {};
  action.sa_sigaction = handle_refusal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSYS, &action, nullptr);
}

std::vector<Refusal> list_refusals() {
  std::vector<Refusal> refusals;
  for (const Event& event : events) {
    if (!event.is_complete) continue;
    const std::string operation = name_of(event.number);
    bool is_known = false;
    for (Refusal& known : refusals) {
      if (known.operation != operation || known.detail != event.detail) continue;
      ++known.count;
      is_known = true;
    }
    if (!is_known) refusals.push_back({operation, event.detail, 1});
  }
  return refusals;
}

}  // namespace nearfar::helper
#endif
