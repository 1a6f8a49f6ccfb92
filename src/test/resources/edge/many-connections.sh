# Run in a network and mount namespace of its own, which plays the edge's node.
# many-connections.sh CADDY FOLDER CONNECTIONS
# FOLDER has a Caddyfile; standard input is for nft. One client opens CONNECTIONS to the edge, over
# TLS, and leaves them idle; then another one sends an order. Prints how many of the first one's
# connections were let in, what the other one's order was answered with, and Caddy's memory.
set -eu
caddy=$1 folder=$2 connections=$3

mount -t tmpfs tmpfs /run
mkdir /run/netns
ip link set lo up
for name in outside pod; do
  ip netns add "$name"
  ip link add "to-$name" type veth peer name eth0 netns "$name"
  ip link set "to-$name" up
  ip -n "$name" link set lo up
  ip -n "$name" link set eth0 up
done
ip address add 198.51.100.1/24 dev to-outside
ip route add 198.51.101.0/24 dev to-outside
ip -n outside address add 198.51.100.7/24 dev eth0
ip -n outside address add 198.51.101.9/24 dev eth0
ip -n outside route add default via 198.51.100.1
ip address add 10.42.0.1/24 dev to-pod
ip -n pod address add 10.42.0.5/24 dev eth0
ip -n pod route add default via 10.42.0.1
sysctl -qw net.ipv4.ip_forward=1
ulimit -n 20000

# What the plug-in for host ports does.
nft -f - <<'NFT'
table ip hostport {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    fib daddr type local tcp dport 443 dnat to 10.42.0.5:8443
  }
}
NFT
nft -f /dev/stdin

upstream='
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Intake(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *arguments):
        pass
ThreadingHTTPServer(("127.0.0.1", 9000), Intake).serve_forever()
'
client='
import asyncio, ssl, sys
source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
tls = ssl.create_default_context()
tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
tls.set_alpn_protocols(["h2"])
opened, failed = [], []
async def attempt(gate):
    async with gate:
        if len(failed) > 100:
            return
        try:
            connecting = asyncio.open_connection(
                target, 443, ssl=tls, server_hostname="faas.oslo.example.no", local_addr=(source, 0))
            reader, writer = await asyncio.wait_for(connecting, 10)
            # An open connection of HTTP/2 without a request: preface and empty settings.
            writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
            await asyncio.wait_for(reader.readexactly(9), 10)
            opened.append(writer)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            failed.append(1)
async def main():
    gate = asyncio.Semaphore(100)
    await asyncio.gather(*(attempt(gate) for _ in range(count)))
    print("connections", len(opened), flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
'
ip netns exec pod python3 -c "$upstream" &
upstream_id=$!
GOMEMLIMIT=217MiB HOME=$folder XDG_DATA_HOME=$folder XDG_CONFIG_HOME=$folder \
  ip netns exec pod "$caddy" run --config "$folder/Caddyfile" --adapter caddyfile >"$folder/log" 2>&1 &
caddy_id=$!
attacker_id=
trap 'kill "$upstream_id" "$caddy_id" $attacker_id' EXIT
order() {
  ip netns exec outside curl --silent --insecure --max-time 10 --interface "$1" --output /dev/null \
    --write-out '%{http_code}' --resolve faas.oslo.example.no:443:198.51.100.1 \
    --data '{}' https://faas.oslo.example.no/orders || true
}
tries=0
until [ "$(order 198.51.101.9)" = 202 ]; do
  tries=$((tries + 1))
  [ "$tries" -le 60 ] || { cat "$folder/log"; exit 1; }
  sleep 0.5
done
ip netns exec outside python3 -c "$client" 198.51.100.7 198.51.100.1 "$connections" >"$folder/opened" &
attacker_id=$!
until [ -s "$folder/opened" ]; do
  sleep 0.2
done
cat "$folder/opened"
echo "order $(order 198.51.101.9)"
sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB$/kilobytes \1/p' "/proc/$caddy_id/status"
