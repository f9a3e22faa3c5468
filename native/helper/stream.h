#pragma once

#include <cstddef>
#include <span>
#include <string_view>

// Bytes from and to other processes: one file per system.
namespace nearfar::helper {

#if defined(_WIN32)
using Stream = void*;  // HANDLE
#else
using Stream = int;
#endif

struct StandardStreams {
  Stream input;
  Stream output;
};

// Takes stdin and stdout over for the protocol. What libraries read from stdin is empty from then
// on, and what they print goes to stderr, so that it does not lie among the answers. If stdin is a
// socket that carries both (`is_duplex`), stdout stays theirs.
StandardStreams take_standard_streams(bool is_duplex);
Stream standard_error();

// How many bytes were read; 0 at the end, or if the other side is gone.
size_t read_some(Stream stream, std::span<char> room);

// Whether reading would not wait; false also where the system cannot tell.
bool has_input(Stream stream);

// False if the other side is gone.
bool write_all(Stream stream, std::string_view bytes);

// Whether writing still reaches somebody.
bool has_reader(Stream stream);

}  // namespace nearfar::helper
