/**
 * The number of the contract between this code and the native binary: what `binding.ts` and
 * `crypto-binding.ts` declare. `kContract` of `native/addon/contract.h` is the same number in the
 * binary. A binary of another number is refused, before a function that it lacks is called. To be
 * raised with every change of those two files, by `npm run contract`.
 */
export const CONTRACT = 5;
