#pragma once

#include <cstdint>

namespace nearfar::addon {

// The number of the contract between this addon and src/internal: what binding.ts and
// crypto-binding.ts declare. JavaScript refuses a binary of another number. `npm run contract`
// raises it here and in src/internal/contract.ts.
inline constexpr uint32_t kContract = 5;

}  // namespace nearfar::addon
