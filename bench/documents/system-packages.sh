#!/usr/bin/env bash
# Brings what the documents bench needs from the system: the second readers, and the programs that make documents.
set -euo pipefail
bash "$(dirname "$0")/../../test/support/system-packages.sh"

packages=(
  libreoffice-writer libreoffice-calc libreoffice-impress
  antiword catdoc poppler-utils poppler-data unrtf qpdf p7zip-full
  fonts-arphic-gkai00mp fonts-arphic-gbsn00lp
  python3-docx python3-openpyxl python3-reportlab python3-pil python3-numpy
)
if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "The documents bench needs: ${packages[*]} (Debian package names). Please install them." >&2
  echo "文档测评需要以下软件（Debian 包名）：${packages[*]}，请先安装。" >&2
  exit 1
fi
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ]; then as_root=(); elif command -v sudo >/dev/null 2>&1; then as_root=(sudo); else
  echo "As root / 请以 root 运行: apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing / 正在安装: ${missing[*]}" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -qq "${missing[@]}" >&2
