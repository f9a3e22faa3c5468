// node --import this: what asks for node:ffi gets nearfar/ffi, the one change that a program needs.
import { register } from "node:module";

register("./redirect-hooks.mjs", import.meta.url);
