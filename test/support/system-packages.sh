#!/usr/bin/env bash
# Brings what the tests need from the system: a real mail server (Dovecot), a real relay (Postfix), a real browser, and a
# witness of what the system is asked for (strace), and the program an office opens our files with (LibreOffice).
set -euo pipefail

missing=()
need() { # COMMAND PACKAGE…
  local command=$1
  shift
  PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null 2>&1 || missing+=("$@")
}
need dovecot dovecot-imapd
[ -x /usr/lib/dovecot/lmtp ] || missing+=(dovecot-lmtpd)
need postfix postfix
need chromium chromium
need openssl openssl
need strace strace
need soffice libreoffice-writer libreoffice-calc
need pdftotext poppler-utils poppler-data
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk fontconfig)
[ ${#missing[@]} -eq 0 ] && exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need: ${missing[*]} (Debian package names). Please install them." >&2
  echo "测试需要以下软件（Debian 包名）：${missing[*]}，请先安装。" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then as_root=(); elif command -v sudo >/dev/null 2>&1; then as_root=(sudo); else
  echo "The tests need system packages; as root: apt-get update && $install" >&2
  echo "测试需要系统软件，请以 root 运行：apt-get update && $install" >&2
  exit 1
fi
echo "Installing what the tests need / 正在安装测试所需软件: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
# A mail server of the system's own must not start: the tests run theirs on loopback ports, in directories of their own.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $install -qq >&2
