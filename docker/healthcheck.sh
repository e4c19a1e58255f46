#!/usr/bin/env bash
# Exits 0 when the server takes work. The image has no curl, so the request goes over bash's own sockets.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${1:-8080}"
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
head -1 <&3 | grep -q ' 200 '
