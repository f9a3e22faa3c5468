// The same service in Protocol Buffers, without a compiler: descriptors made here.
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const STRING = 9;
const INT32 = 5;
const OPTIONAL = 1;
const field = (name, number, type) => ({ name, number, type, label: OPTIONAL });

const file = create(FileDescriptorProtoSchema, {
  name: "bench.proto",
  package: "bench",
  syntax: "proto3",
  messageType: [
    { name: "Name", field: [field("name", 1, STRING)] },
    { name: "Greeting", field: [field("text", 1, STRING)] },
    { name: "Count", field: [field("count", 1, INT32)] },
    { name: "Item", field: [field("index", 1, INT32), field("name", 2, STRING)] },
  ],
  service: [
    {
      name: "Greeter",
      method: [
        { name: "Greet", inputType: ".bench.Name", outputType: ".bench.Greeting" },
        {
          name: "List",
          inputType: ".bench.Count",
          outputType: ".bench.Item",
          serverStreaming: true,
        },
      ],
    },
  ],
});
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));

export const Greeter = registry.getService("bench.Greeter");
