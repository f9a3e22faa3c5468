// What every peer does, so that what differs is how they are called.
export const greet = (name) => `Hello, ${name}`;

export function* items(count) {
  for (let index = 0; index < count; index++) yield { index, name: "an item of the stream" };
}
