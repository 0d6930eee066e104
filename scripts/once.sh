# Sourced by what installs tools in a folder of .tools, which is `$tools`.
# shellcheck shell=bash

# once NAME COST FILE... -- COMMAND...: runs the command, unless it has been run for these files as they are.
once() {
  local installer=${0##*/} name=$1 cost=$2 files=() start=$SECONDS now
  shift 2
  while [ "$1" != -- ]; do
    files+=("$1")
    shift
  done
  shift
  now=$(cat "${files[@]}")
  [ "$(cat "$tools/$name.done" 2>/dev/null)" = "$now" ] && return
  printf '%s: %s, %s, once\n' "$installer" "$name" "$cost"
  if ! "$@" >"$tools/$name.log" 2>&1; then
    tail -n 30 "$tools/$name.log" >&2
    exit 1
  fi
  printf '%s\n' "$now" >"$tools/$name.done"
  printf '%s: %s: done after %d s\n' "$installer" "$name" $((SECONDS - start))
}
