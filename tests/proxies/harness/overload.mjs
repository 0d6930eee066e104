// A proxy for each way in which a provider can meet more than it allows.
import { nginx, haproxy, PATIENT, squid } from './proxies.mjs';
import { freePort } from './lab.mjs';

/** In milliseconds, as HAProxy reads it. */
const ms = (seconds) => `${Math.round(1000 * seconds)}ms`;

/** HAProxy in HTTP mode in front of Squid: these lines in its frontend, its backend and on its server's line. */
async function inFront(lab, { frontend = '', backend = '', server = '', mode = 'http', timeouts = '', sections = '' }) {
  const behind = await squid(lab);
  const port = await freePort();
  const guard = await haproxy(lab, `
    defaults
      mode ${mode}
      ${PATIENT}
      ${timeouts}
    frontend plan
      bind 127.0.0.1:${port}
      ${frontend}
      default_backend up
    backend up
      ${backend}
      server px 127.0.0.1:${behind.port} ${server}
    ${sections}
  `);
  return { port, haproxy: guard, squid: behind };
}

/** Requests in flight of each `key`, counted as they come; CONNECT is one until its tunnel ends. */
const perRequest = (key = 'src', type = 'ip') => `
  stick-table type ${type} size 10k expire 30s store conn_cur
  http-request track-sc0 ${key}`;
const perConnection = `
  stick-table type ip size 10k expire 30s store conn_cur
  tcp-request connection track-sc0 src`;
const over = (limit) => `{ sc_conn_cur(0) gt ${limit} }`;

async function inSquid(lab, config) {
  const proxy = await squid(lab, { config });
  return { port: proxy.port, squid: proxy };
}

const squidsMaxconn = (lab, { limit, status }) => inSquid(lab, `
  acl over maxconn ${limit}
  ${status === undefined ? '' : `deny_info ${status === 'reset' ? 'TCP_RESET' : `${status}:ERR_ACCESS_DENIED`} over`}
  http_access deny over
`);

/** Name → `(lab, settings) => { port, … }`. What each answers above the limit was measured: see README.md. */
const BEHAVIOURS = {
  /** No limit. */
  headroom: (lab) => inFront(lab, {}),
  /** Refused by status, per source address: requests in flight. */
  reject: (lab, { limit, status = 503 }) =>
    inFront(lab, { frontend: `${perRequest()}\nhttp-request deny deny_status ${status} if ${over(limit)}` }),
  /** The same per value of Proxy-Authorization. */
  'reject-per-credential': (lab, { limit, status = 503 }) => inFront(lab, {
    frontend: `${perRequest('req.hdr(Proxy-Authorization)', 'string len 64')}\nhttp-request deny deny_status ${status} if ${over(limit)}`,
  }),
  /** The same, but connections count from the moment that they are accepted, and while they idle. */
  'reject-per-connection': (lab, { limit, status = 503 }) =>
    inFront(lab, { frontend: `${perConnection}\nhttp-request deny deny_status ${status} if ${over(limit)}` }),
  /** Connections of all clients together. */
  'reject-frontend-connections': (lab, { limit, status = 503 }) =>
    inFront(lab, { frontend: `http-request deny deny_status ${status} if { fe_conn gt ${limit} }` }),
  /** 429 with Retry-After, requests in flight. */
  'reject-429': (lab, { limit, retryAfter = 1 }) => inFront(lab, {
    frontend: `${perRequest()}
      http-request return status 429 content-type text/plain string "limit" hdr Retry-After ${retryAfter} if ${over(limit)}`,
  }),
  /** The connection is closed before a byte is read. */
  'reject-tcp': (lab, { limit }) => inFront(lab, { frontend: `${perConnection}\ntcp-request connection reject if ${over(limit)}` }),
  /** The connection stands and nothing ever comes; the proxy has forgotten it. */
  'silent-drop': (lab, { limit }) => inFront(lab, { frontend: `${perRequest()}\nhttp-request silent-drop if ${over(limit)}` }),
  /** The status comes late. */
  tarpit: (lab, { limit, status = 429, tarpit = 2 }) => inFront(lab, {
    frontend: `timeout tarpit ${ms(tarpit)}\n${perRequest()}\nhttp-request tarpit deny_status ${status} if ${over(limit)}`,
  }),
  /** Waits without a limit that matters. */
  queue: (lab, { limit, queueTimeout = 600, mode }) =>
    inFront(lab, { mode, backend: `timeout queue ${ms(queueTimeout)}`, server: `maxconn ${limit}` }),
  /** Waits for so long, then 503. */
  'queue-timeout': (lab, { queueTimeout = 0.5, ...rest }) => BEHAVIOURS.queue(lab, { queueTimeout, ...rest }),
  /** The same where HAProxy has no `timeout queue`: it takes `timeout connect`. */
  'queue-connect-timeout': (lab, { limit, queueTimeout = 0.7 }) =>
    inFront(lab, { timeouts: `timeout connect ${ms(queueTimeout)}`, server: `maxconn ${limit}` }),
  'queue-tcp': (lab, settings) => BEHAVIOURS.queue(lab, { ...settings, mode: 'tcp' }),
  /** A connection that waited too long is closed without a byte. */
  'queue-timeout-tcp': (lab, settings) => BEHAVIOURS['queue-timeout'](lab, { ...settings, mode: 'tcp' }),
  /** So many may wait, the next gets a status. */
  'bounded-queue': (lab, { limit, places = limit / 2, status = 503, queueTimeout = 600 }) => inFront(lab, {
    frontend: `http-request deny deny_status ${status} if { queue(up) ge ${places} }`,
    backend: `timeout queue ${ms(queueTimeout)}`,
    server: `maxconn ${limit}`,
  }),
  /** Connections wait in the kernel until one is accepted: they stand, but nobody reads. */
  'accept-backlog': (lab, { limit }) => inFront(lab, { frontend: `maxconn ${limit}` }),
  /** So many requests in so many seconds, however long they last. */
  rate: (lab, { limit, window = 1, status = 429 }) => inFront(lab, {
    frontend: `stick-table type ip size 10k expire 60s store http_req_rate(${ms(window)})
      http-request track-sc0 src
      http-request deny deny_status ${status} if { sc_http_req_rate(0) gt ${limit} }`,
  }),
  /** After so many refusals, every request of that address is refused for so many seconds. */
  penalty: (lab, { limit, status = 503, refusals = 4, blocked = 3, blockedStatus = 403 }) => inFront(lab, {
    // To look an entry up does not renew it, to track it does.
    frontend: `http-request deny deny_status ${blockedStatus} if { src,in_table(blocked) }
      stick-table type ip size 10k expire 30s store conn_cur,gpc0
      http-request track-sc0 src
      http-request sc-inc-gpc0(0) if ${over(limit)}
      http-request track-sc1 src table blocked if { sc0_get_gpc0 ge ${refusals} } { sc0_clr_gpc0 ge 0 }
      http-request deny deny_status ${status} if ${over(limit)}`,
    sections: `backend blocked\nstick-table type ip size 10k expire ${ms(blocked)} store gpt0`,
  }),
  /** Squid closes a connection above the limit without a byte; it lets one more through. */
  'squid-ip-limit': (lab, { limit }) => inSquid(lab, `client_ip_max_connections ${limit}`),
  /** Squid counts connections of the address; 403, or `status` (a number or `reset`). */
  'squid-maxconn': squidsMaxconn,
  /** Everything passes, slowly: a bandwidth shared by all. */
  'squid-delay-pool': (lab, { bytesPerSecond = 100_000 }) => inSquid(lab, `
    delay_pools 1
    delay_class 1 1
    delay_parameters 1 ${bytesPerSecond}/${bytesPerSecond}
    delay_access 1 allow all
  `),
  /** nginx, for http:// only: it knows no CONNECT. */
  'nginx-limit-conn': async (lab, { limit, status = 503 }) => {
    const port = await freePort();
    return nginx(lab, port, `
      limit_conn_zone $remote_addr zone=a:1m;
      limit_conn_status ${status};
      server {
        listen 127.0.0.1:${port};
        location / {
          limit_conn a ${limit};
          proxy_read_timeout 600s;
          proxy_pass http://$http_host$request_uri;
        }
      }
    `);
  },
  /** 407 without the right name and password. */
  authentication: (lab, { user = 'user', password = 'secret' }) => inFront(lab, {
    frontend: `http-request return status 407 hdr Proxy-Authenticate 'Basic realm="plan"' unless
      { req.hdr(Proxy-Authorization) -m str "Basic ${Buffer.from(`${user}:${password}`).toString('base64')}" }`.replace(/\s+/g, ' '),
  }),
  /** The proxy lets everything through and the target refuses: give `origin` to the origin. */
  'target-error': async (lab, { limit, status = 503 }) => ({ ...(await inFront(lab, {})), origin: { limit, limitStatus: status } }),
};

export const behaviours = Object.keys(BEHAVIOURS);

/**
 * Starts a proxy that behaves so above `limit`: `{ url, port, … }` with the handles of its programs (`haproxy`,
 * `squid`). A limit is per source address unless the name says otherwise; seconds everywhere.
 */
export async function overload(lab, behaviour, { limit = 8, ...settings } = {}) {
  if (!Object.hasOwn(BEHAVIOURS, behaviour)) throw new Error(`no behaviour ${behaviour}: ${behaviours.join(', ')}`);
  const proxy = await BEHAVIOURS[behaviour](lab, { limit, ...settings });
  return { ...proxy, url: `http://127.0.0.1:${proxy.port}` };
}
