# requests 2.32 to 2.34 on urllib3 2, Python 3.9 or newer: pip install 'requests[socks]>=2.32'
# Caps connections open at the proxy, idle ones too. Not capped: other processes that use the same plan.
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

PROXY = {{proxy}}
CAP = {{cap}}
URLS = [
{{urls}}
]


def fetch(url):
    started = time.monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False  # or HTTPS_PROXY would override PROXY
            status = session.get(url, proxies={"http": PROXY, "https": PROXY}, timeout=30).status_code
    except requests.RequestException as error:
        status = type(error).__name__
    print(status, f"{time.monotonic() - started:.3f}", flush=True)
    return status == 200


with ThreadPoolExecutor(CAP) as threads:
    sys.exit(not all(list(threads.map(fetch, URLS))))
