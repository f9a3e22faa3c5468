// The loops that are timed. Each is made from source, so that every case has code of its own: no
// call site sees the functions of another.

/** `n` calls in a loop; gives the sum of their results. */
export function callLoop({ call, use }, target, values) {
  const body = `return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) { const result = target${call}; sum += ${use}; }
    return sum;
  };`;
  return new Function("target", ...Object.keys(values), body)(target, ...Object.values(values));
}

/** `n` rounds of `count` calls at a time; `start` gives the promise of one. */
export function asyncLoop(count, start) {
  return async (n) => {
    let sum = 0;
    for (let round = 0; round < n; round++) {
      const pending = [];
      for (let i = 0; i < count; i++) pending.push(start(i & 1023, 1));
      for (const result of await Promise.all(pending)) sum += result;
    }
    return sum;
  };
}

/** The same by callbacks: `start` takes one, called with an error and the result. */
export function callbackLoop(count, start) {
  const round = () =>
    new Promise((resolve, reject) => {
      let left = count;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        start(i & 1023, 1, (error, result) => {
          if (error) reject(error);
          sum += result;
          left -= 1;
          if (left === 0) resolve(sum);
        });
      }
    });
  return async (n) => {
    let sum = 0;
    for (let index = 0; index < n; index++) sum += await round();
    return sum;
  };
}

/** `n` times all rows by `map(a, b, out)`, which fills `out`; checked by its ends. */
export function mapLoop({ a, b, out }, map) {
  return (n) => {
    let sum = 0;
    for (let index = 0; index < n; index++) {
      map(a, b, out);
      sum += out[index % out.length] + out[out.length - 1];
    }
    return sum;
  };
}

/** A vector call for those that have none: a loop of calls. */
export function mapByCalls(target) {
  const body = `return (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = target(a[i], b[i]);
  };`;
  return new Function("target", body)(target);
}
