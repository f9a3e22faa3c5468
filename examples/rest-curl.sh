#!/bin/sh
# The REST interface with curl: sh examples/rest-curl.sh http://127.0.0.1:3000
set -eu
base=${1:-http://127.0.0.1:3000}
curl --silent --show-error "$base/api/CryptoService/hash_data" \
  --header 'content-type: application/json' --data '["Hello, World!", "SHA256"]'
echo
