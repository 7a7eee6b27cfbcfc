#!/bin/sh
# What `make demo` runs: each command is printed, then done. It ends 0 where all of them could do their work.
set -eu
cd "$(dirname "$0")/.."
rm -rf .demo
mkdir .demo
export CAVEAT_DB=.demo/demo.sqlite

show() { # show CODE COMMAND…: the exit code says how it ended: 0 is done, 1 is done and something was found
    expected=$1
    shift
    printf '\n$ caveat'
    for word in "$@"; do
        case $word in *" "*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n\n'
    code=0
    caveat "$@" 2>.demo/errors || code=$?
    cat .demo/errors >&2
    if [ "$code" -ne "$expected" ] || grep -q Traceback .demo/errors; then
        echo "the demo failed: exit code $code, not $expected" >&2
        exit 1
    fi
    [ "$code" -eq 0 ] || printf '\n(exit code 1: something was found)\n'
}

show 0 show "Hangzhou Hikvision Digital Technology Co., Ltd."
show 1 screen examples/counterparties.csv
show 1 determine examples/transaction.yaml
