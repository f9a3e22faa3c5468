#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include "helper/seccomp_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <initializer_list>

#include "helper/newer_system_calls.h"

namespace nearfar::helper {
namespace {

enum class Rule {
  kAlways,
  kRead,     // Where files may be read.
  kNetwork,  // Where there is a network.
  kLoading,  // In the first stage.
  kNever,
  kMissing,     // ENOSYS without a report: its caller has another way.
  kThread,      // clone: a thread, not a process.
  kHostSocket,  // socket: of the internet, and netlink, which looks names up.
  kOpen,        // For reading only.
  kOpenAt,
  kStatAt,      // Without reading, of an open file.
  kIoctl,       // What stdio asks of a stream.
  kPrctl,       // Names.
  kQueryLimit,  // Not setting one.
  kOwnProcess,
};

struct SystemCall {
  int number;
  Rule rule;
  int path;
  const char* name;
};

constexpr SystemCall kSystemCalls[] = {
#define X(name, rule, path) {SYS_##name, Rule::rule, path, #name},
#include "helper/system_calls.inc"
#undef X
};

// Those that take a descriptor first.
constexpr int kDescriptorCalls[] = {
    SYS_read,     SYS_write,    SYS_readv,   SYS_writev,   SYS_pread64,  SYS_pwrite64, SYS_preadv,
    SYS_pwritev,  SYS_close,    SYS_dup,     SYS_dup3,     SYS_fcntl,    SYS_sendto,   SYS_sendmsg,
    SYS_sendmmsg, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg, SYS_shutdown, SYS_ioctl,
};

#if defined(__x86_64__)
constexpr uint32_t kMachine = AUDIT_ARCH_X86_64;
#else
constexpr uint32_t kMachine = AUDIT_ARCH_AARCH64;
#endif
constexpr uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr uint32_t kRefuse = SECCOMP_RET_TRAP;  // The handler reports it and says EPERM.
constexpr uint32_t kAbsent = SECCOMP_RET_ERRNO | ENOSYS;

// What makes an opened file more than read; the last is that of O_TMPFILE without O_DIRECTORY.
constexpr uint32_t kWritingFlags = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | 020000000;

constexpr uint32_t kNumberOffset = offsetof(seccomp_data, nr);
constexpr uint32_t kMachineOffset = offsetof(seccomp_data, arch);
constexpr uint32_t kPlaceOffset = offsetof(seccomp_data, instruction_pointer);
// The low half of an argument; both machines are little-endian.
constexpr uint32_t argument_offset(uint32_t index) {
  return offsetof(seccomp_data, args) + index * sizeof(uint64_t);
}

// A classic BPF program: a block for each system call, which ends in a verdict.
class Program {
 public:
  Program() {
    load(kMachineOffset);
    jump(BPF_JEQ, kMachine, 1, 0);
    verdict(SECCOMP_RET_KILL_PROCESS);
    load(kNumberOffset);
#if defined(__x86_64__)
    jump(BPF_JGE, 0x40000000, 0, 1);  // The x32 ABI's numbers mean other calls.
    verdict(kAbsent);
#endif
  }

  void load(uint32_t offset) { code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }
  void verdict(uint32_t value) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, value)); }
  void jump(uint16_t condition, uint32_t value, size_t if_true, size_t if_false) {
    code_.push_back(BPF_JUMP(static_cast<uint16_t>(BPF_JMP | condition | BPF_K), value,
                             static_cast<uint8_t>(if_true), static_cast<uint8_t>(if_false)));
  }

  // Runs `block`, which has to end in a verdict, for one system call.
  void add(int number, const Program& block) {
    jump(BPF_JEQ, static_cast<uint32_t>(number), 0, block.code_.size());
    code_.insert(code_.end(), block.code_.begin(), block.code_.end());
  }

  static Program block() { return Program(Empty{}); }

  // Allowed if an argument is one of a few values.
  static Program one_of(uint32_t argument, std::initializer_list<uint32_t> values) {
    Program block{Empty{}};
    block.load(argument_offset(argument));
    size_t left = values.size();
    for (const uint32_t value : values) block.jump(BPF_JEQ, value, left--, 0);
    block.verdict(kRefuse);
    block.verdict(kAllow);
    return block;
  }

  // Allowed if an argument has none of some bits, or any of them.
  static Program bits(uint32_t argument, uint32_t mask, bool wants_any) {
    Program block{Empty{}};
    block.load(argument_offset(argument));
    block.jump(BPF_JSET, mask, wants_any ? 1 : 0, wants_any ? 0 : 1);
    block.verdict(kRefuse);
    block.verdict(kAllow);
    return block;
  }

  static Program always(uint32_t value) {
    Program block{Empty{}};
    block.verdict(value);
    return block;
  }

  std::vector<sock_filter> finish() {
    verdict(kRefuse);
    return std::move(code_);
  }

 private:
  struct Empty {};
  explicit Program(Empty) {}
  std::vector<sock_filter> code_;
};

// The client's descriptors, from one place only; others go on in the filter.
void add_guard(Program& program, const Guarded& guarded) {
  for (const int number : kDescriptorCalls) {
    Program block = Program::block();
    block.load(argument_offset(0));
    block.jump(BPF_JEQ, static_cast<uint32_t>(guarded.input), 2, 0);
    block.jump(BPF_JEQ, static_cast<uint32_t>(guarded.output), 1, 0);
    block.jump(BPF_JA, 6, 0, 0);
    block.load(kPlaceOffset);
    block.jump(BPF_JEQ, static_cast<uint32_t>(guarded.return_address), 0, 3);
    block.load(kPlaceOffset + 4);
    block.jump(BPF_JEQ, static_cast<uint32_t>(guarded.return_address >> 32), 0, 1);
    block.verdict(kAllow);
    block.verdict(kRefuse);
    block.load(kNumberOffset);
    program.add(number, block);
  }
}

Program pointer_is_null(uint32_t argument) {
  Program block = Program::block();
  block.load(argument_offset(argument));
  block.jump(BPF_JEQ, 0, 0, 3);
  block.load(argument_offset(argument) + 4);
  block.jump(BPF_JEQ, 0, 0, 1);
  block.verdict(kAllow);
  block.verdict(kRefuse);
  return block;
}

void add_rule(Program& program, const SystemCall& call, bool reads, bool has_network,
              bool is_loading) {
  constexpr uint32_t kSetVmaName = 0x53564d41;  // PR_SET_VMA, of Linux 5.17.
  switch (call.rule) {
    case Rule::kAlways:
      return program.add(call.number, Program::always(kAllow));
    case Rule::kRead:
      return reads ? program.add(call.number, Program::always(kAllow)) : void();
    case Rule::kNetwork:
      return has_network ? program.add(call.number, Program::always(kAllow)) : void();
    case Rule::kLoading:
      return is_loading ? program.add(call.number, Program::always(kAllow)) : void();
    case Rule::kNever:
      return;
    case Rule::kMissing:
      return program.add(call.number, Program::always(kAbsent));
    case Rule::kThread:
      return program.add(call.number, Program::bits(0, CLONE_THREAD, true));
    case Rule::kHostSocket:
      if (!has_network) return;
      return program.add(call.number, Program::one_of(0, {AF_INET, AF_INET6, AF_NETLINK}));
    case Rule::kOpen:
      return reads ? program.add(call.number, Program::bits(1, kWritingFlags, false)) : void();
    case Rule::kOpenAt:
      return reads ? program.add(call.number, Program::bits(2, kWritingFlags, false)) : void();
    case Rule::kStatAt:
      if (reads) return program.add(call.number, Program::always(kAllow));
      return program.add(call.number, Program::bits(3, AT_EMPTY_PATH, true));
    case Rule::kIoctl:
      return program.add(call.number, Program::one_of(1, {TCGETS, FIONREAD}));
    case Rule::kPrctl:
      return program.add(call.number, Program::one_of(0, {PR_SET_NAME, PR_GET_NAME, kSetVmaName}));
    case Rule::kQueryLimit:
      return program.add(call.number, pointer_is_null(2));
    case Rule::kOwnProcess:
      return program.add(call.number, Program::one_of(0, {static_cast<uint32_t>(getpid())}));
  }
}

std::vector<sock_filter> make_filter(Profile profile, bool is_loading, const Guarded* guarded) {
  Program program;
  if (guarded != nullptr) add_guard(program, *guarded);
  const bool has_network = profile == Profile::kNetwork;
  const bool reads = is_loading || has_network || profile == Profile::kReadOnly;
  for (const SystemCall& call : kSystemCalls) {
    add_rule(program, call, reads, has_network, is_loading);
  }
  return program.finish();
}

const SystemCall* find_system_call(int number) {
  for (const SystemCall& call : kSystemCalls) {
    if (call.number == number) return &call;
  }
  return nullptr;
}

}  // namespace

std::vector<sock_filter> make_loading_filter(Profile profile, const Guarded& guarded) {
  return make_filter(profile, true, &guarded);
}

std::vector<sock_filter> make_call_filter(Profile profile) {
  return make_filter(profile, false, nullptr);
}

const char* system_call_name(int number) {
  const SystemCall* call = find_system_call(number);
  return call == nullptr ? nullptr : call->name;
}

int path_argument(int number) {
  const SystemCall* call = find_system_call(number);
  return call == nullptr ? -1 : call->path;
}

}  // namespace nearfar::helper
#endif
