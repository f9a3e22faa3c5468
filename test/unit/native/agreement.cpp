#include "agreement.h"

namespace test {

void store(Registers& registers, const Placement& placement, const Value& value,
           const std::byte* bytes) {
  auto* image = reinterpret_cast<std::byte*>(&registers);
  if (placement.by_reference) {
    std::memcpy(image + placement.pieces[0].offset, &bytes, sizeof bytes);
    return;
  }
  for (const auto& piece : placement.pieces) {
    if (value.scalar != nullptr && value.size < piece.size) {
      uint32_t bits = 0;
      std::memcpy(&bits, bytes, value.size);
      const uint32_t unused = 32 - 8 * value.size;
      bits = value.scalar->is_signed
                 ? static_cast<uint32_t>(static_cast<int32_t>(bits << unused) >> unused)
                 : bits;
      std::memcpy(image + piece.offset, &bits, piece.size);
    } else {
      std::memcpy(image + piece.offset, bytes + piece.from, piece.size);
    }
  }
}

void load(const std::byte* image, const Placement& placement, const Value& value,
          std::byte* bytes) {
  if (placement.by_reference) {
    const std::byte* memory = nullptr;
    std::memcpy(&memory, image + placement.pieces[0].offset, sizeof memory);
    std::memcpy(bytes, memory, value.size);
    return;
  }
  for (const auto& piece : placement.pieces) {
    const size_t size = piece.size < value.size ? piece.size : value.size;
    std::memcpy(bytes + piece.from, image + piece.offset, size);
  }
}

bool agrees_when_called(Planner planner, void* target, const Types& types) {
  const Result<Plan> planned = planner({types.arguments, types.result});
  if (!CHECK(bool(planned))) return false;
  const Plan& plan = planned.value();
  // Rubbish everywhere an argument is not: upper halves and unused registers must not matter.
  static Registers registers;
  std::memset(&registers, 0xa5, sizeof registers);
  std::vector<Buffer> memory(types.arguments.size() + 1);
  uint64_t sent = kStart;
  for (size_t index = 0; index < types.arguments.size(); ++index) {
    const Value& value = types.arguments[index];
    std::byte* bytes = memory[index].bytes;
    std::memset(bytes, 0x5a, sizeof(Buffer));
    make_bytes(value, index, bytes);
    sent = digest(value, bytes, sent);
    store(registers, plan.arguments[index], value, bytes);
  }
  Buffer& result = memory.back();
  std::memset(result.bytes, 0x77, sizeof result);
  if (plan.result.by_reference) store(registers, plan.result, types.result, result.bytes);
  received = 0;
  plan.execute(target, registers);
  if (!plan.result.by_reference) {
    load(reinterpret_cast<std::byte*>(&registers), plan.result, types.result, result.bytes);
  }
  Buffer wanted;
  make_bytes(types.result, sent, wanted.bytes);
  const bool untouched =
      types.result.size == sizeof(Buffer) || result.bytes[types.result.size] == std::byte{0x77};
  return CHECK(received == sent) && CHECK(untouched) &&
         CHECK(digest(types.result, result.bytes, kStart) ==
               digest(types.result, wanted.bytes, kStart));
}

void Listener::handle(void* context, Registers& registers, const uint64_t* stack) {
  Listener& self = *static_cast<Listener*>(context);
  // The image as a call has it: the caller's words behind the registers.
  std::vector<std::byte> image(sizeof(Registers) + sizeof(uint64_t));
  std::memcpy(image.data(), &registers, offsetof(Registers, stack));
  std::memcpy(image.data() + offsetof(Registers, stack), stack,
              self.plan.argument_words * sizeof(uint64_t));
  self.received = kStart;
  Buffer buffer;
  for (size_t index = 0; index < self.types.arguments.size(); ++index) {
    const Value& value = self.types.arguments[index];
    load(image.data(), self.plan.arguments[index], value, buffer.bytes);
    self.received = digest(value, buffer.bytes, self.received);
  }
  make_bytes(self.types.result, self.received, buffer.bytes);
  if (self.plan.result.by_reference) {
    std::byte* memory = nullptr;
    std::memcpy(&memory, image.data() + self.plan.result.pieces[0].offset, sizeof memory);
    std::memcpy(memory, buffer.bytes, self.types.result.size);
    registers.result_gp[0] = reinterpret_cast<uintptr_t>(memory);
  } else {
    store(registers, self.plan.result, self.types.result, buffer.bytes);
  }
}

bool has_extended(const Value& value) {
  for (const Leaf& leaf : scalars_of(value)) {
    if (leaf.type->type_class == nearfar::TypeClass::kExtended) return true;
  }
  return false;
}

}  // namespace test
