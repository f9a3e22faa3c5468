import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import grpc from "@grpc/grpc-js";
import { greet, items } from "../work.mjs";
import { Greeter } from "./protobuf.mjs";

const definition = Object.fromEntries(
  Greeter.methods.map(({ name, input, output, methodKind }) => {
    const write = (schema) => (value) => Buffer.from(toBinary(schema, create(schema, value)));
    const read = (schema) => (bytes) => fromBinary(schema, bytes);
    return [
      name,
      {
        path: `/${Greeter.typeName}/${name}`,
        requestStream: false,
        responseStream: methodKind === "server_streaming",
        requestSerialize: write(input),
        requestDeserialize: read(input),
        responseSerialize: write(output),
        responseDeserialize: read(output),
      },
    ];
  }),
);

export function serve() {
  const server = new grpc.Server();
  server.addService(definition, {
    Greet: ({ request }, answer) => answer(null, { text: greet(request.name) }),
    List: async (call) => {
      for (const item of items(call.request.count)) {
        if (!call.write(item)) await new Promise((resolve) => call.once("drain", resolve));
      }
      call.end();
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(`127.0.0.1:${port}`);
    });
  });
}

export async function connect(address) {
  const Client = grpc.makeGenericClientConstructor(definition, "Greeter");
  const client = new Client(address, grpc.credentials.createInsecure());
  return {
    call: (name) =>
      new Promise((resolve, reject) => {
        client.Greet({ name }, (error, answer) => (error ? reject(error) : resolve(answer.text)));
      }),
    stream: async (count) => {
      let received = 0;
      for await (const item of client.List({ count })) received += item.index >= 0 ? 1 : 0;
      return received;
    },
  };
}
