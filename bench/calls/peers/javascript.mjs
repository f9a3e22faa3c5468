// What JavaScript does without any native call: the other end of the scale.
const FUNCTIONS = {
  add_float64: (a, b) => a + b,
  sum_bytes(bytes, length) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += bytes[i];
    return sum;
  },
};

export async function open() {
  return { call: (name) => FUNCTIONS[name] };
}
