#!/bin/sh
# {{versions}}
# Caps open connections at the proxy: one curl for each URL, {{cap}} at a time.
# {{not_capped}}
proxy={{proxy}}
export http_proxy="$proxy" https_proxy="$proxy" no_proxy=

# The pause gives the proxy time to see that the connection is closed.
tr '\n' '\0' <<'URLS' | xargs -0 -n 1 -P {{cap}} sh -c '
  curl --silent --show-error --fail --globoff --max-time 30 --output /dev/null \
    --write-out "%{http_code} %{time_total}\n" --url "$0"
  status=$?
  sleep 0.2
  exit "$status"'
{{urls}}
URLS
