/** All of Node.js that `engine-node.ts` needs: with the whole of its types, a slip in the page's code could pass for a server's. */
declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}
