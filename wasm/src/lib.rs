//! WebAssembly binding of `proxy-concurrency`: decode, one core call, encode.
