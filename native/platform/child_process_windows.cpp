#include <utility>
#include <vector>

#include "platform/child_process.h"
#include "platform/windows_handle.h"

namespace nearfar::platform {

struct ChildProcess::System {
  DWORD id = 0;
  WindowsHandle process;
  WindowsHandle job;  // Its last handle is ours: whatever ends this process ends the child, too.
};

namespace {

std::wstring to_wide(const char* text) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, text, -1, nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text, -1, wide.data(), length);
  wide.resize(wide.size() - 1);  // The NUL is the string's own.
  return wide;
}

// As CommandLineToArgvW reads it: backslashes are themselves, except before a quote.
void append_argument(std::wstring& line, const std::wstring& argument) {
  if (!line.empty()) line += L' ';
  line += L'"';
  size_t backslashes = 0;
  for (const wchar_t character : argument) {
    if (character == L'"') line.append(backslashes + 1, L'\\');
    backslashes = character == L'\\' ? backslashes + 1 : 0;
    line += character;
  }
  line.append(backslashes, L'\\');
  line += L'"';
}

std::wstring command_line(const char* path, std::span<const std::string> arguments) {
  std::wstring line;
  append_argument(line, to_wide(path));
  for (const std::string& argument : arguments) append_argument(line, to_wide(argument.c_str()));
  return line;
}

// A copy of one of our streams that a child may inherit; empty if there is none.
WindowsHandle inheritable(DWORD stream) {
  HANDLE copy = nullptr;
  const HANDLE own = GetCurrentProcess();
  const HANDLE source = GetStdHandle(stream);
  if (source == nullptr || source == INVALID_HANDLE_VALUE) return {};
  if (!DuplicateHandle(own, source, own, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS)) return {};
  return WindowsHandle(copy);
}

// The only handles that a child inherits.
class InheritedHandles {
 public:
  explicit InheritedHandles(std::vector<HANDLE> handles) : handles_(std::move(handles)) {
    SIZE_T bytes = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &bytes);
    room_.resize(bytes);
    is_complete_ =
        InitializeProcThreadAttributeList(list(), 1, 0, &bytes) &&
        UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                  handles_.size() * sizeof(HANDLE), nullptr, nullptr);
  }
  ~InheritedHandles() {
    if (is_complete_) DeleteProcThreadAttributeList(list());
  }
  bool is_complete() const { return is_complete_; }
  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(room_.data());
  }

 private:
  std::vector<HANDLE> handles_;
  std::vector<std::byte> room_;
  bool is_complete_ = false;
};

WindowsHandle make_job() {
  WindowsHandle job(CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {};
  // And no dialog for what crashes, which nobody would answer.
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  if (!job || !SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits,
                                       sizeof limits)) {
    return {};
  }
  return job;
}

}  // namespace

ChildProcess::ChildProcess() = default;
ChildProcess::ChildProcess(std::unique_ptr<System> system) : system_(std::move(system)) {}
ChildProcess::ChildProcess(ChildProcess&& other) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(system_, other.system_);
  std::swap(end_, other.end_);
  return *this;
}

Result<ChildProcess> ChildProcess::start(const char* path, std::span<const std::string> arguments,
                                         FileHandle input, std::span<const int> descriptors) {
  if (!descriptors.empty()) {
    return Error{ErrorCode::kNotSupported, "descriptors of a process are there on POSIX only"};
  }
  WindowsHandle job = make_job();
  if (!job) return windows_error("CreateJobObject");
  const WindowsHandle output = inheritable(STD_OUTPUT_HANDLE);
  const WindowsHandle error = inheritable(STD_ERROR_HANDLE);
  std::vector<HANDLE> handles = {input};
  for (const HANDLE handle : {output.get(), error.get()}) {
    if (handle != nullptr) handles.push_back(handle);
  }
  InheritedHandles inherited(std::move(handles));
  if (!inherited.is_complete()) return windows_error("UpdateProcThreadAttribute");
  STARTUPINFOEXW startup = {};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = input;
  startup.StartupInfo.hStdOutput = output.get();
  startup.StartupInfo.hStdError = error.get();
  startup.lpAttributeList = inherited.list();
  // It runs when it is in the job, so that nothing of it can be outside.
  constexpr DWORD kFlags = CREATE_SUSPENDED | CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT;
  std::wstring line = command_line(path, arguments);
  PROCESS_INFORMATION made = {};
  if (!CreateProcessW(to_wide(path).c_str(), line.data(), nullptr, nullptr, TRUE, kFlags, nullptr,
                      nullptr, &startup.StartupInfo, &made)) {
    return windows_error("CreateProcess");
  }
  auto system = std::make_unique<System>();
  system->id = made.dwProcessId;
  system->process = WindowsHandle(made.hProcess);
  const WindowsHandle thread(made.hThread);
  ChildProcess child(std::move(system));  // From here on it is ended if something fails.
  if (!AssignProcessToJobObject(job.get(), made.hProcess)) {
    return windows_error("AssignProcessToJobObject");
  }
  child.system_->job = std::move(job);
  if (ResumeThread(made.hThread) == static_cast<DWORD>(-1)) return windows_error("ResumeThread");
  return child;
}

int ChildProcess::id() const { return system_ == nullptr ? 0 : static_cast<int>(system_->id); }

FileHandle ChildProcess::handle() const {
  return system_ == nullptr ? nullptr : system_->process.get();
}

bool ChildProcess::has_ended() const {
  return end_ || WaitForSingleObject(handle(), 0) == WAIT_OBJECT_0;
}

std::optional<ProcessEnd> ChildProcess::end() {
  if (end_ || system_ == nullptr || !has_ended()) return end_;
  DWORD status = 0;
  GetExitCodeProcess(system_->process.get(), &status);
  end_ = ProcessEnd{.status = status};
  return end_;
}

void ChildProcess::kill() {
  constexpr UINT kKilled = 1;
  if (system_ != nullptr && !end_) TerminateProcess(system_->process.get(), kKilled);
}

Result<size_t> ChildProcess::read_memory(uint64_t address, std::span<std::byte> target) const {
  SIZE_T count = 0;
  const auto* const source = reinterpret_cast<const void*>(static_cast<uintptr_t>(address));
  ReadProcessMemory(handle(), source, target.data(), target.size(), &count);
  return static_cast<size_t>(count);
}

Result<size_t> ChildProcess::write_memory(uint64_t address,
                                          std::span<const std::byte> source) const {
  SIZE_T count = 0;
  auto* const target = reinterpret_cast<void*>(static_cast<uintptr_t>(address));
  WriteProcessMemory(handle(), target, source.data(), source.size(), &count);
  return static_cast<size_t>(count);
}

ChildProcess::~ChildProcess() {
  if (system_ == nullptr || end_) return;
  kill();
  WaitForSingleObject(system_->process.get(), INFINITE);
}

}  // namespace nearfar::platform
