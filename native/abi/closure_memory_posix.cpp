#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "abi/closure_code.h"

#if defined(__APPLE__)
#include <mach/mach.h>
#else
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#endif

// The first choice is to map the code that this module already has once more: no memory is ever
// both written and executed, so that hardened systems (SELinux's execmem, PR_SET_MDWE, signed code)
// have nothing to refuse. The second is to copy it.
namespace nearfar::abi {
namespace {

#if defined(__APPLE__)

bool map_own_code(std::byte* target, const std::byte* code) {
  vm_address_t address = reinterpret_cast<vm_address_t>(target);
  vm_prot_t current = VM_PROT_NONE;
  vm_prot_t maximum = VM_PROT_NONE;
  const kern_return_t mapped =
      vm_remap(mach_task_self(), &address, kThunkBlockBytes, 0, VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE,
               mach_task_self(), reinterpret_cast<vm_address_t>(code), 0, &current, &maximum,
               VM_INHERIT_SHARE);
  return mapped == KERN_SUCCESS && (current & VM_PROT_EXECUTE) != 0;
}

#else

struct ModuleFile {
  uintptr_t address;           // Looked for.
  const char* path = nullptr;  // Of the file that is mapped there,
  uint64_t offset = 0;         // and where in it.
};

int find_module_file(dl_phdr_info* module, size_t, void* data) {
  ModuleFile& wanted = *static_cast<ModuleFile*>(data);
  for (size_t index = 0; index < module->dlpi_phnum; ++index) {
    const auto& segment = module->dlpi_phdr[index];
    const uintptr_t start = module->dlpi_addr + segment.p_vaddr;
    if (segment.p_type != PT_LOAD || wanted.address < start ||
        wanted.address - start >= segment.p_filesz) {
      continue;
    }
    const bool is_program = module->dlpi_name == nullptr || module->dlpi_name[0] == '\0';
    wanted.path = is_program ? "/proc/self/exe" : module->dlpi_name;
    wanted.offset = segment.p_offset + (wanted.address - start);
    return 1;
  }
  return 0;
}

// The file may have been replaced since it was loaded: what is mapped has to equal what runs.
bool map_file(std::byte* target, const std::byte* code, int file, uint64_t offset) {
  struct stat status = {};
  if (fstat(file, &status) != 0) return false;
  // Behind the end of a file there is no memory to compare.
  if (static_cast<uint64_t>(status.st_size) < offset + kThunkBlockBytes) return false;
  void* mapped = mmap(target, kThunkBlockBytes, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED,
                      file, static_cast<off_t>(offset));
  return mapped == target && std::memcmp(target, code, kThunkBlockBytes) == 0;
}

bool map_own_code(std::byte* target, const std::byte* code) {
  ModuleFile module = {.address = reinterpret_cast<uintptr_t>(code)};
  if (dl_iterate_phdr(find_module_file, &module) == 0) return false;
  const int file = open(module.path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool mapped = map_file(target, code, file, module.offset);
  close(file);
  return mapped;
}

#endif

// Returns 0 or an errno. What a failed mapping left at the target is replaced.
int copy_code(std::byte* target, const std::byte* code) {
  void* fresh = mmap(target, kThunkBlockBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (fresh != target) return errno;
  std::memcpy(target, code, kThunkBlockBytes);
  if (mprotect(target, kThunkBlockBytes, PROT_READ | PROT_EXEC) != 0) return errno;
  char* start = reinterpret_cast<char*>(target);
  __builtin___clear_cache(start, start + kThunkBlockBytes);
  return 0;
}

}  // namespace

Result<std::byte*> map_thunk_block(const std::byte* code) {
  void* memory = mmap(nullptr, 2 * kThunkBlockBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return Error{ErrorCode::kOutOfMemory, "no memory for more callbacks"};
  }
  auto* block = static_cast<std::byte*>(memory);
  if (map_own_code(block, code)) return block;
  const int failure = copy_code(block, code);
  if (failure == 0) return block;
  unmap_thunk_block(block);
  const std::string reason = std::strerror(failure);
  return Error{ErrorCode::kNotSupported, "the system refuses executable pages: " + reason};
}

void seal_thunk_block(std::byte* block) {
  mprotect(block + kThunkBlockBytes, kThunkBlockBytes, PROT_READ);
}

void unmap_thunk_block(std::byte* block) { munmap(block, 2 * kThunkBlockBytes); }

}  // namespace nearfar::abi
