# {{versions}}: {{install}}
# Caps open connections at the proxy, idle ones too: a worker closes its last one before it opens the next.
# {{not_capped}}
import asyncio
import contextlib
import socket
import sys
import time

import aiohttp

PROXY = {{proxy}}
CAP = {{cap}}
URLS = [
{{urls}}
]


async def worker(urls):
    last = None

    def open_socket(address):
        nonlocal last
        opened = socket.socket(*address[:3])
        last = opened.dup()
        last.setblocking(False)
        return opened

    async def close_last(*_):
        """Waits until the proxy has closed it too, and counted that."""
        if last:
            with contextlib.suppress(OSError), last:
                last.shutdown(socket.SHUT_WR)
                async with asyncio.timeout(5):
                    while await asyncio.get_running_loop().sock_recv(last, 65536):
                        pass
                await asyncio.sleep(0.1)

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_create_start.append(close_last)
    connector = aiohttp.TCPConnector(limit=1, socket_factory=open_socket, happy_eyeballs_delay=None)
    timeout = aiohttp.ClientTimeout(total=30)
    failed = 0
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, trace_configs=[tracing]) as session:
        for url in urls:
            started = time.monotonic()
            try:
                async with session.get(url, proxy=PROXY) as response:
                    await response.read()
                    status, ok = response.status, response.ok
            except (aiohttp.ClientError, TimeoutError) as error:
                print(f"{url}: {error!r}", file=sys.stderr)
                status, ok = type(error).__name__, False
            print(f"{status} {time.monotonic() - started:.3f}", flush=True)
            failed += not ok
    return failed


async def main():
    urls = iter(URLS)  # each worker takes the next one
    return sum(await asyncio.gather(*(worker(urls) for _ in range(min(CAP, len(URLS))))))


sys.exit(asyncio.run(main()) > 0)
