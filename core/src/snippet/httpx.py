# {{versions}}: {{install}}
# Caps open connections at the proxy, idle ones too: a worker closes its last one before it opens the next.
# {{not_capped}}
import asyncio
import contextlib
import socket
import sys
import time

import httpx

PROXY = {{proxy}}
CAP = {{cap}}
URLS = [
{{urls}}
]


async def worker(urls, tls):
    last = None

    async def one_connection(event, info):
        """Waits until the proxy has closed the last connection too, and counted that."""
        nonlocal last
        if event.endswith(".connect_tcp.started") and last:
            with contextlib.suppress(OSError), last:
                last.shutdown(socket.SHUT_WR)
                async with asyncio.timeout(5):
                    while await asyncio.get_running_loop().sock_recv(last, 65536):
                        pass
                await asyncio.sleep(0.1)
        elif event.endswith(".connect_tcp.complete"):
            last = info["return_value"].get_extra_info("socket").dup()
            last.setblocking(False)

    failed = 0
    async with httpx.AsyncClient(proxy=PROXY, limits=httpx.Limits(max_connections=1), timeout=30, verify=tls) as client:
        for url in urls:
            started = time.monotonic()
            try:
                response = await client.get(url, extensions={"trace": one_connection})
                status, ok = response.status_code, not response.is_error
            except httpx.HTTPError as error:
                print(f"{url}: {error!r}", file=sys.stderr)
                status, ok = type(error).__name__, False
            print(f"{status} {time.monotonic() - started:.3f}", flush=True)
            failed += not ok
    return failed


async def main():
    urls = iter(URLS)  # each worker takes the next one
    tls = httpx.create_ssl_context()
    return sum(await asyncio.gather(*(worker(urls, tls) for _ in range(min(CAP, len(URLS))))))


sys.exit(asyncio.run(main()) > 0)
