#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "abi/abi.h"
#include "abi/call_copy.h"
#include "channel/frames.h"
#include "channel/layout.h"
#include "core/result.h"
#include "helper/failure.h"
#include "platform/shared_memory.h"

// The fast way of calls: frames in memory that the client shares, executed one at a time, in order,
// on one thread. What is new is told by words in that memory; see channel/layout.h.
namespace nearfar::helper {

// A function as the client's frames are laid out for it.
struct ChannelPlan {
  void* target = nullptr;
  uint32_t stack_words = 0;
  bool captures_error = false;
  bool gives_text = false;     // UTF-8 at the address that it returns.
  const char* name = nullptr;  // Valid for ever: see `keep_name`.
  abi::Executor execute = nullptr;
  abi::DirectCall direct;
};

// The calls of a vector call, with what is constant in the registers.
void run_rows(const ChannelPlan& plan, const abi::Registers& registers, channel::Rows& rows);

// A copy of a name for as long as the process runs; the same for the same name.
const char* keep_name(const std::string& name);

// What a callback does that a thread of the library's own calls, rather than a call of the
// client's: CALLBACK_THREADS in src/internal/binding.ts.
enum class ThreadPolicy : uint32_t { kBlock, kQueue, kDrop };

// Where a client's shared memory is.
struct SharedRange {
  int descriptor;
  uint64_t address;
  uint64_t bytes;
};

class FrameReceiver;
class Session;

class Channel {
 public:
  // Maps the memory: a Lane, and the heap that buffers and strings are in. `event` is an eventfd by
  // which the client's event loop is told that there are news.
  static Result<std::unique_ptr<Channel>> open(const SharedRange& lane, const SharedRange& heap,
                                               int event);
  // The same where nothing can be shared: memory of this process at those addresses, and calls that
  // come and go as frames of that client.
  static Result<std::unique_ptr<Channel>> mirror(const SharedRange& lane, const SharedRange& heap,
                                                 const std::shared_ptr<Session>& client);
  ~Channel();

  // Starts to execute calls, for as long as the process runs: a process has one channel.
  bool start();

  // On any thread. The client names plans and callbacks by numbers of its own; a plan's number may
  // be given again.
  void set_plan(uint32_t index, const ChannelPlan& plan);
  Result<uint64_t> make_callback(uint32_t id, const abi::Signature& signature, ThreadPolicy policy);
  void release_callback(uint32_t id);

  // Frames of the client, by the thread that receives; what is wrong with them, or nothing.
  bool serves(const Session& client) const;
  Problem receive_call(uint32_t number, std::string_view body);
  Problem receive_answer(uint32_t number, std::string_view body);

 private:
  struct Callback;

  Channel(platform::SharedMemory lane, platform::SharedMemory heap, int event);

  static void enter(void* entry, abi::Registers& registers, const uint64_t* stack);
  bool receive(const Callback& callback, abi::Registers& registers, const uint64_t* stack);
  bool ask_client(const Callback& callback, abi::Registers& registers, const uint64_t* stack);
  void enqueue(const Callback& callback, const abi::Registers& registers, const uint64_t* stack);
  bool start_delivery();
  void deliver();
  void serve();
  bool run_job();
  void run_slot(channel::Slot& slot);
  bool take_call(uint32_t depth);
  ChannelPlan find_plan(uint32_t index);
  void notify();
  void ring_own_bell();
  Problem take_ranges(std::string_view& body, uint32_t count,
                      std::vector<channel::FrameRange>* returning);
  bool is_mirrored(uint64_t address, uint64_t bytes) const;
  void send_result(uint32_t number, const channel::ResultHead& head,
                   const abi::Registers& registers);
  void hand_over(channel::CallbackCall& place, uint32_t id, const void* registers,
                 std::span<const uint64_t> stack);
  void send_callback(bool is_queued, const channel::CallbackCall& call, size_t stack_words);
  void await_client(uint32_t seen);
  void rest(uint32_t seen);

  platform::SharedMemory memory_;
  platform::SharedMemory heap_;
  channel::Lane& lane_;
  int event_;  // -1: there are frames.
  std::weak_ptr<Session> client_;
  std::shared_ptr<FrameReceiver> frames_;
  std::array<std::atomic<bool>, channel::kCallNumbers> is_busy_ = {};
  std::array<std::vector<channel::FrameRange>, channel::kCallNumbers> returning_;
  uint32_t jobs_taken_ = 0;
  uint32_t jobs_done_ = 0;

  std::mutex plans_mutex_;
  std::vector<ChannelPlan> plans_;

  std::mutex callbacks_mutex_;
  std::unordered_map<uint32_t, std::shared_ptr<Callback>> callbacks_;  // By the client's number.

  // One thread at a time talks to the client about callbacks; it may do so again for a callback of
  // a call that the client makes meanwhile.
  std::recursive_mutex conversation_;
  uint32_t depth_ = 0;  // Of callbacks that wait for the client.

  // Calls for which nobody waits, in their order. As many as the library makes.
  struct QueuedCall {
    uint32_t id;
    std::vector<uint64_t> image;  // See abi::copy_call.
    uint32_t stack_words;
  };
  std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  std::deque<QueuedCall> queue_;
  bool delivers_ = false;
};

}  // namespace nearfar::helper
