// TCP sockets of a process, as the kernel lists them (Linux).
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const ESTABLISHED = '01';
const port = (address) => Number.parseInt(address.split(':')[1], 16);

/** `{ local, remote }` ports of every established TCP connection that the process has a descriptor of. */
export function connectionsOf(pid) {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1] ?? [];
    } catch (error) {
      // Closed since the folder was read.
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  }));
  const entries = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === ESTABLISHED && inodes.has(inode))
    .map(([, local, remote, , , , , , , inode]) => [inode, { local: port(local), remote: port(remote) }]));
  // By inode: while connections come and go, the kernel may list one twice.
  return [...new Map(entries).values()];
}
