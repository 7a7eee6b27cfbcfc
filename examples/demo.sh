#!/bin/sh
# What `make demo` runs: each command is printed, then done. It ends 0 where all of them could do their work.
set -eu
cd "$(dirname "$0")/.."
rm -rf .demo
mkdir .demo
export CAVEAT_DB=.demo/demo.sqlite

show() { # show COMMAND…: exit code 1 says "something was found", which is what a demonstration hopes for
    printf '\n$ caveat'
    for word in "$@"; do
        case $word in *" "*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n\n'
    code=0
    caveat "$@" || code=$?
    [ "$code" -le 1 ] || exit "$code"
    [ "$code" -eq 0 ] || printf '\n(exit code 1: something was found)\n'
}

show show "Hangzhou Hikvision Digital Technology Co., Ltd."
show screen examples/counterparties.csv
show determine examples/transaction.yaml
