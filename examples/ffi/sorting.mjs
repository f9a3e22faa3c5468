// qsort and bsearch of the C library over an array of structs, compared by JavaScript.
//   node examples/ffi/sorting.mjs
import { alloc, cdef, dlopen, load, sizeof } from "nearfar/ffi";

const declarations = cdef(`
  struct city { char name[24]; int32_t population; double latitude; };

  void qsort(void *base, size_t count, size_t size,
             int (*compare)(const void *, const void *));
  void *bsearch(const void *key, const void *base, size_t count, size_t size,
                int (*compare)(const void *, const void *));
`);
const { city } = declarations.types;
// null is the process itself, which has the C library in it; on Windows that is one of several.
const cLibrary = process.platform === "win32" ? "ucrtbase.dll" : null;
const { lib, functions } = dlopen(cLibrary, declarations);

const cities = [
  { name: "Kyōto", population: 1_463_723, latitude: 35.01 },
  { name: "Porto", population: 231_800, latitude: 41.15 },
  { name: "Quito", population: 1_776_364, latitude: -0.22 },
  { name: "Tromsø", population: 77_544, latitude: 69.65 },
];
const count = cities.length;
const memory = alloc(city, { count }); // one piece of memory, as a C array is
for (const [index, value] of cities.entries()) memory.set(index, value);

/** A comparison for C, which gives the addresses of two structs. */
const by = (order) => (a, b) => Math.sign(order(load(a, city), load(b, city)));

functions.qsort(
  memory,
  count,
  sizeof(city),
  by((a, b) => a.latitude - b.latitude),
);
for (let index = 0; index < count; index++) {
  const { name, latitude } = memory.at(index);
  console.log(latitude.toFixed(2).padStart(6), name);
}

/** Found in memory that is sorted by the key; C gives its address, or null. */
function find(latitude) {
  const compare = by((a, b) => a.latitude - b.latitude);
  const key = alloc(city);
  key.view.latitude = latitude;
  const found = functions.bsearch(key, memory, count, sizeof(city), compare);
  return found === 0n ? undefined : load(found, city);
}
console.log("at 41.15", find(41.15)?.name);
console.log("at 41.16", find(41.16)?.name);

try {
  functions.qsort(memory, count, sizeof(city), () => "larger");
} catch (error) {
  console.log(error.message);
}

memory.free(); // or `using memory = alloc(...)` on Node 24; without either the collector does it
try {
  memory.at(0);
} catch (error) {
  console.log(error.code);
}
lib.close();
