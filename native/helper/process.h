#pragma once

// This process among others: one file per system.
namespace nearfar::helper {

// Has the system end this process when its parent ends, where it can.
void end_with_parent();

// A fatal signal is reported on stderr, with the function that was called, before it ends the
// process.
void report_crashes();

// For each thread that makes calls: a stack on which to report that its own is used up.
void prepare_thread();

// Ends the process at once. Threads may be in libraries, which need not be ready for the end.
[[noreturn]] void end_process(int status);

}  // namespace nearfar::helper
