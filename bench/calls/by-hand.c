// The floor: each function as an experienced author writes it against Node-API, without checks
// beyond Node-API's own.
#include <node_api.h>

#include "library.c"

#define ARGUMENTS(count)      \
  size_t argc = count;        \
  napi_value argv[count];     \
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL)

static napi_value call_no_op(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  no_op();
  return NULL;
}

static napi_value call_add_int32(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  int32_t a, b;
  napi_get_value_int32(env, argv[0], &a);
  napi_get_value_int32(env, argv[1], &b);
  napi_value result;
  napi_create_int32(env, add_int32(a, b), &result);
  return result;
}

static napi_value call_add_float64(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  double a, b;
  napi_get_value_double(env, argv[0], &a);
  napi_get_value_double(env, argv[1], &b);
  napi_value result;
  napi_create_double(env, add_float64(a, b), &result);
  return result;
}

static napi_value call_sum_six(napi_env env, napi_callback_info info) {
  ARGUMENTS(6);
  uint32_t v[6];
  for (int i = 0; i < 6; i++) napi_get_value_uint32(env, argv[i], &v[i]);
  napi_value result;
  napi_create_uint32(env, sum_six(v[0], v[1], v[2], v[3], v[4], v[5]), &result);
  return result;
}

static napi_value call_add_int64(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  int64_t a, b;
  bool lossless;
  napi_get_value_bigint_int64(env, argv[0], &a, &lossless);
  napi_get_value_bigint_int64(env, argv[1], &b, &lossless);
  napi_value result;
  napi_create_bigint_int64(env, add_int64(a, b), &result);
  return result;
}

static napi_value call_last_byte(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  void *data;
  size_t size;
  uint32_t length;
  napi_get_buffer_info(env, argv[0], &data, &size);
  napi_get_value_uint32(env, argv[1], &length);
  napi_value result;
  napi_create_uint32(env, last_byte(data, length), &result);
  return result;
}

static napi_value call_text_length(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  char text[256];
  size_t length;
  napi_get_value_string_utf8(env, argv[0], text, sizeof text, &length);
  napi_value result;
  napi_create_double(env, (double)text_length(text), &result);
  return result;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export(env, exports, "no_op", call_no_op);
  export(env, exports, "add_int32", call_add_int32);
  export(env, exports, "add_float64", call_add_float64);
  export(env, exports, "sum_six", call_sum_six);
  export(env, exports, "add_int64", call_add_int64);
  export(env, exports, "last_byte", call_last_byte);
  export(env, exports, "text_length", call_text_length);
  return exports;
}
