// The floor: each function as an experienced author writes it against Node-API, without checks
// beyond Node-API's own.
#include <node_api.h>
#include <stdlib.h>

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

static napi_value call_invert(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  bool value;
  napi_get_value_bool(env, argv[0], &value);
  napi_value result;
  napi_get_boolean(env, invert(value), &result);
  return result;
}

static napi_value call_halve(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  int32_t value;
  void *rest;
  napi_get_value_int32(env, argv[0], &value);
  napi_get_typedarray_info(env, argv[1], NULL, NULL, &rest, NULL, NULL);
  napi_value result;
  napi_create_int32(env, halve(value, rest), &result);
  return result;
}

static double get_double(napi_env env, napi_value object, const char *name) {
  napi_value value;
  double number;
  napi_get_named_property(env, object, name, &value);
  napi_get_value_double(env, value, &number);
  return number;
}

static void set_double(napi_env env, napi_value object, const char *name, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  napi_set_named_property(env, object, name, value);
}

static napi_value call_turn(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  const struct pair turned =
      turn((struct pair){get_double(env, argv[0], "x"), get_double(env, argv[0], "y")});
  napi_value result;
  napi_create_object(env, &result);
  set_double(env, result, "x", turned.x);
  set_double(env, result, "y", turned.y);
  return result;
}

static napi_value call_box_size(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  const struct box box = {
      (int32_t)get_double(env, argv[0], "id"), (int32_t)get_double(env, argv[0], "count"),
      get_double(env, argv[0], "width"), get_double(env, argv[0], "height")};
  napi_value result;
  napi_create_double(env, box_size(&box), &result);
  return result;
}

static napi_value call_fail_with(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int32_t code;
  napi_get_value_int32(env, argv[0], &code);
  errno = 0;
  const int32_t value = fail_with(code);
  const int32_t error = errno;
  napi_value result;
  napi_create_object(env, &result);
  set_double(env, result, "value", value);
  set_double(env, result, "errno", error);
  return result;
}

// A function pointer has no room for a context: one callback at a time.
static napi_env called_env;
static napi_value called;

static int32_t call_listener(int32_t value) {
  napi_handle_scope scope;
  napi_open_handle_scope(called_env, &scope);
  napi_value argument, result;
  napi_create_int32(called_env, value, &argument);
  napi_call_function(called_env, called, called, 1, &argument, &result);
  int32_t number = 0;
  napi_get_value_int32(called_env, result, &number);
  napi_close_handle_scope(called_env, scope);
  return number;
}

static napi_value call_sum_called(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  int32_t count;
  napi_get_value_int32(env, argv[1], &count);
  called_env = env;
  called = argv[0];
  napi_value result;
  napi_create_int32(env, sum_called(call_listener, count), &result);
  return result;
}

struct work {
  napi_async_work work;
  napi_deferred deferred;
  int32_t a, b, result;
};

static void execute_work(napi_env env, void *data) {
  (void)env;
  struct work *work = data;
  work->result = add_int32(work->a, work->b);
}

static void complete_work(napi_env env, napi_status status, void *data) {
  (void)status;
  struct work *work = data;
  napi_value result;
  napi_create_int32(env, work->result, &result);
  napi_resolve_deferred(env, work->deferred, result);
  napi_delete_async_work(env, work->work);
  free(work);
}

static napi_value call_add_int32_async(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct work *work = malloc(sizeof *work);
  napi_get_value_int32(env, argv[0], &work->a);
  napi_get_value_int32(env, argv[1], &work->b);
  napi_value promise, name;
  napi_create_promise(env, &work->deferred, &promise);
  napi_create_string_utf8(env, "add", 3, &name);
  napi_create_async_work(env, NULL, name, execute_work, complete_work, work, &work->work);
  napi_queue_async_work(env, work->work);
  return promise;
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
  export(env, exports, "invert", call_invert);
  export(env, exports, "halve", call_halve);
  export(env, exports, "turn", call_turn);
  export(env, exports, "box_size", call_box_size);
  export(env, exports, "fail_with", call_fail_with);
  export(env, exports, "sum_called", call_sum_called);
  export(env, exports, "add_int32_async", call_add_int32_async);
  return exports;
}
