#pragma once

#include "capi/status.h"
#include "crypto/key_material.h"

// Written once, when it is made, and only read after that, by any number of threads.
struct nearfar_key {
  nearfar::crypto::PkeyHandle pkey;
  nearfar::crypto::Key ready;  // For signing if it is private, otherwise for verifying.
  const nearfar::crypto::KeyKind* kind;
  bool is_private;
};
