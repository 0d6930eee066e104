# {{versions}}: {{install}}
# Caps open connections at the proxy, idle ones too: a thread closes its last one before it opens the next.
# {{not_capped}}
import contextlib
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests
{{connection}}

PROXY = {{proxy}}
CAP = {{cap}}
URLS = [
{{urls}}
]

thread = threading.local()


def open_connection(*args, create=connection.create_connection, **kwargs):
    """Closes the thread's last connection first, and waits until the proxy has closed it too and counted that."""
    if hasattr(thread, "last"):
        with contextlib.suppress(OSError), thread.last as last:
            last.shutdown(socket.SHUT_WR)
            while last.recv(65536):
                pass
            time.sleep(0.1)
    opened = create(*args, **kwargs)
    thread.last = opened.dup()
    return opened


connection.create_connection = open_connection


def start():
    thread.session = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=1)
    thread.session.mount("http://", adapter)
    thread.session.mount("https://", adapter)


def fetch(url):
    started = time.monotonic()
    try:
        # Not session.proxies: there, HTTPS_PROXY and its like would come first.
        response = thread.session.get(url, proxies={"http": PROXY, "https": PROXY}, timeout=30)
        status, ok = response.status_code, response.ok
    except requests.RequestException as error:
        print(f"{url}: {error}", file=sys.stderr)
        status, ok = type(error).__name__, False
    return status, time.monotonic() - started, ok


failed = 0
with ThreadPoolExecutor(CAP, initializer=start) as threads:
    for status, seconds, ok in threads.map(fetch, URLS):
        print(f"{status} {seconds:.3f}", flush=True)
        failed += not ok
sys.exit(failed > 0)
