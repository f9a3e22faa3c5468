#pragma once

#include "capi/status.h"
#include "crypto/key_material.h"
#include "crypto/key_operation.h"

// Written once, when it is made, and only read after that, by any number of threads.
struct nearfar_key {
  nearfar::crypto::Key key;
  nearfar::crypto::KeyOperation ready;  // For signing if it is private, otherwise for verifying.
};
