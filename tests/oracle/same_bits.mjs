// The same bits natively and in WebAssembly: runs an evaluate built for wasm32-wasip1 under node.
// Usage: node tests/oracle/same_bits.mjs EVALUATE.wasm < calls > answers   (then compare with the native answers)
import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { WASI } from "node:wasi";

const wasi = new WASI({ version: "preview1", args: ["evaluate"] });
const module = await WebAssembly.compile(await readFile(argv[2]));
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
