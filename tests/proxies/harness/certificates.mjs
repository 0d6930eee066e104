// One certificate authority a process, and one certificate of it for every origin and proxy here.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names and addresses that the certificate is for, and that the proxies here resolve: `o1.test` … `o64.test`. */
export const HOSTS = Array.from({ length: 64 }, (_, i) => `o${i + 1}.test`);
/** Addresses of the loopback network that the certificate is for. */
export const ADDRESSES = Array.from({ length: 64 }, (_, i) => `127.0.0.${i + 1}`);

let made;

/**
 * `{ caFile, ca, key, cert, pemFile }`. The authority and the certificate are two: some clients refuse an authority
 * that poses as a server. `pemFile` has certificate and key, as HAProxy reads them.
 */
export function authority() {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), 'proxy-concurrency-certificates-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const at = (name) => join(folder, name);
  const names = ['DNS:localhost', ...HOSTS.map((name) => `DNS:${name}`), ...ADDRESSES.map((ip) => `IP:${ip}`)].join(',');
  writeFileSync(at('extensions'), [
    'basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature', 'extendedKeyUsage=serverAuth',
    'subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid', `subjectAltName=${names}`,
  ].join('\n'));
  writeFileSync(at('request.cnf'), '[req]\ndistinguished_name=name\nx509_extensions=ca\n[name]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n');
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', '-config', 'request.cnf', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=test authority');
  openssl('req', '-config', 'request.cnf', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=test server');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'extensions', '-out', 'server.pem');
  const read = (name) => readFileSync(at(name), 'utf8');
  writeFileSync(at('both.pem'), read('server.pem') + read('server.key'));
  made = { caFile: at('ca.pem'), ca: read('ca.pem'), key: read('server.key'), cert: read('server.pem'), pemFile: at('both.pem') };
  return made;
}
