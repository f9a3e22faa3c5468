#include <cstdlib>
#include <span>

#include "abi/rows.h"
#include "helper/channel.h"
#include "helper/log.h"
#include "helper/process.h"

// Vector calls: rows in the heap, called by the loop that calls them within one process.
namespace nearfar::helper {
namespace {

template <typename T>
T* at(uint64_t address) {
  return reinterpret_cast<T*>(static_cast<uintptr_t>(address));
}

// False for what no client describes: a library has written there.
bool add_columns(const channel::Rows& rows, uint32_t stack_words, abi::RowCalls& calls) {
  const auto* const addresses = reinterpret_cast<const uint64_t*>(&rows + 1);
  const auto* const parts = reinterpret_cast<const abi::ColumnPart*>(addresses + rows.columns);
  for (const abi::ColumnPart& part : std::span(parts, rows.parts)) {
    std::optional<abi::Column> column = abi::to_column(part, stack_words);
    if (!column || part.view >= rows.columns) return false;
    column->source = at<const std::byte>(addresses[part.view]) + part.from;
    calls.columns.push_back(*column);
  }
  return true;
}

bool add_results(const channel::Rows& rows, uint32_t stack_words, abi::RowCalls& calls) {
  if (rows.result_bytes == 0) return true;
  const std::optional<uint32_t> result =
      abi::register_offset(rows.result, rows.result_bytes, stack_words);
  if (!result) return false;
  calls.result = *result;
  calls.result_bytes = rows.result_bytes;
  calls.out = at<std::byte>(rows.out);
  return true;
}

}  // namespace

void run_rows(const ChannelPlan& plan, const abi::Registers& registers, channel::Rows& rows) {
  abi::RowCalls calls = {.target = plan.target, .execute = plan.execute, .direct = plan.direct};
  if (!add_columns(rows, plan.stack_words, calls) || !add_results(rows, plan.stack_words, calls)) {
    log(LogLevel::kError, "a vector call that no call has");
    end_process(EXIT_FAILURE);
  }
  abi::RowImage image(registers, plan.stack_words);
  // Callbacks move nothing here: what they change of the client's is its own.
  constexpr uint64_t kNoRuns = 0;
  const abi::RowEvents events = {rows.stop, kNoRuns, rows.row};
  rows.row = abi::call_rows(calls, image, 0, rows.count, events);
}

}  // namespace nearfar::helper
