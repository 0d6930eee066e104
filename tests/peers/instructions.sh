#!/bin/sh
# Instructions for one evaluation, from callgrind: repeatable where times are not. The start-up is taken away by the
# difference of two runs.
# Usage: tests/peers/instructions.sh PATH_OF_PEERS [FUNCTION …]
set -eu
program=$1
shift
[ $# -gt 0 ] || set -- blocking accepted waiting 'wait quantile' 'wait exceeds' quantile 'servers 1e-2' 'servers 1e-6' \
    'servers waiting' 'servers wait' 'load 1e-2' 'load waiting' 'finite queue' retry
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" count "$@" 2>&1 | sed -n 's/.*Collected : //p'
}
printf '%-16s %9s %9s %9s %9s %9s\n' instructions 10 1e3 1e5 1e7 1e9
for function in "$@"; do
    printf '%-16s' "$function"
    for c in 10 1000 100000 10000000 1000000000; do
        few=$(count "$function" $c 20)
        many=$(count "$function" $c 120)
        printf ' %9d' $(((many - few) / 1600))
    done
    echo
done
