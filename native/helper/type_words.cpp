#include "helper/type_words.h"

namespace nearfar::helper {
namespace {

// C's long has 64 bits (LP64), but 32 on Windows (LLP64), where wchar_t has 16 instead of 32.
#if defined(_WIN32)
constexpr std::string_view kLong = "int32";
constexpr std::string_view kUnsignedLong = "uint32";
constexpr std::string_view kWide = "uint16";
#else
constexpr std::string_view kLong = "int64";
constexpr std::string_view kUnsignedLong = "uint64";
#if defined(__aarch64__) && !defined(__APPLE__)
constexpr std::string_view kWide = "uint32";
#else
constexpr std::string_view kWide = "int32";
#endif
#endif
constexpr uint8_t kWideUnit = sizeof(wchar_t);

// The x87's 80 bits, or what else `long double` is where the engine can pass it.
#if defined(NEARFAR_HAS_EXTENDED)
constexpr std::string_view kLongDouble = "extended";
#elif defined(_WIN32) || defined(__APPLE__)
constexpr std::string_view kLongDouble = "float64";
#else
constexpr std::string_view kLongDouble = "";  // 128 bits: nothing here computes with them.
#endif

constexpr TypeWord kWords[] = {
    {"void", Form::kVoid, "void"},
    {"bool", Form::kBoolean, "bool"},
    {"_Bool", Form::kBoolean, "bool"},
    {"char", Form::kInteger, "char"},
    {"signed char", Form::kInteger, "int8"},
    {"unsigned char", Form::kInteger, "uint8"},
    {"short", Form::kInteger, "int16"},
    {"unsigned short", Form::kInteger, "uint16"},
    {"int", Form::kInteger, "int32"},
    {"unsigned", Form::kInteger, "uint32"},
    {"unsigned int", Form::kInteger, "uint32"},
    {"uint", Form::kInteger, "uint32"},
    {"long", Form::kInteger, kLong},
    {"unsigned long", Form::kInteger, kUnsignedLong},
    {"ulong", Form::kInteger, kUnsignedLong},
    {"long long", Form::kInteger, "int64"},
    {"unsigned long long", Form::kInteger, "uint64"},
    {"int8", Form::kInteger, "int8"},
    {"i8", Form::kInteger, "int8"},
    {"int8_t", Form::kInteger, "int8"},
    {"uint8", Form::kInteger, "uint8"},
    {"u8", Form::kInteger, "uint8"},
    {"uint8_t", Form::kInteger, "uint8"},
    {"int16", Form::kInteger, "int16"},
    {"i16", Form::kInteger, "int16"},
    {"int16_t", Form::kInteger, "int16"},
    {"uint16", Form::kInteger, "uint16"},
    {"u16", Form::kInteger, "uint16"},
    {"uint16_t", Form::kInteger, "uint16"},
    {"int32", Form::kInteger, "int32"},
    {"i32", Form::kInteger, "int32"},
    {"int32_t", Form::kInteger, "int32"},
    {"uint32", Form::kInteger, "uint32"},
    {"u32", Form::kInteger, "uint32"},
    {"uint32_t", Form::kInteger, "uint32"},
    {"int64", Form::kInteger, "int64"},
    {"i64", Form::kInteger, "int64"},
    {"int64_t", Form::kInteger, "int64"},
    {"uint64", Form::kInteger, "uint64"},
    {"u64", Form::kInteger, "uint64"},
    {"uint64_t", Form::kInteger, "uint64"},
    {"size", Form::kInteger, "uint64"},
    {"size_t", Form::kInteger, "uint64"},
    {"ssize_t", Form::kInteger, "int64"},
    {"intptr_t", Form::kInteger, "int64"},
    {"uintptr_t", Form::kInteger, "uint64"},
    {"ptrdiff_t", Form::kInteger, "int64"},
    {"wchar_t", Form::kInteger, kWide},
    {"float", Form::kFloating, "float32"},
    {"float32", Form::kFloating, "float32"},
    {"f32", Form::kFloating, "float32"},
    {"double", Form::kFloating, "float64"},
    {"float64", Form::kFloating, "float64"},
    {"f64", Form::kFloating, "float64"},
    {"long double", Form::kFloating, kLongDouble},
    {"longdouble", Form::kFloating, kLongDouble},
    {"extended", Form::kFloating, kLongDouble},
    {"pointer", Form::kPointer, "pointer"},
    {"ptr", Form::kPointer, "pointer"},
    {"void*", Form::kPointer, "pointer"},
    {"buffer", Form::kPointer, "pointer"},
    {"arraybuffer", Form::kPointer, "pointer"},
    {"function", Form::kPointer, "pointer"},
    {"string", Form::kText, "pointer", 1},
    {"str", Form::kText, "pointer", 1},
    {"char*", Form::kText, "pointer", 1},
    {"const char*", Form::kText, "pointer", 1},
    {"utf16", Form::kText, "pointer", 2},
    {"utf32", Form::kText, "pointer", 4},
    {"wstring", Form::kText, "pointer", kWideUnit},
};

}  // namespace

const TypeWord* find_type_word(std::string_view word) {
  for (const TypeWord& known : kWords) {
    if (known.word == word) return &known;
  }
  return nullptr;
}

}  // namespace nearfar::helper
