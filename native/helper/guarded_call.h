#pragma once

#include <cstddef>
#include <cstdint>

// Reading and writing where the client is. On Linux by one system call instruction of this program,
// whose address the sandbox knows: from anywhere else it refuses the client's descriptors.
namespace nearfar::helper {

// As read(2) and write(2), but a failure is the negative error number.
intptr_t guarded_read(int stream, void* room, size_t size);
intptr_t guarded_write(int stream, const void* bytes, size_t size);

// What the kernel sees as the place of these calls; 0 where there is none.
uint64_t guarded_return_address();

}  // namespace nearfar::helper
