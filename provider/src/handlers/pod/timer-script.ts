/**
 * The script that `terminateAfter` and `stopAfter` put before a container's command. REST v2 has no
 * time-to-live, so a timer inside the container asks RunPod to stop or terminate the pod, with the
 * key that RunPod gives every pod for itself. The command replaces the shell, so its signals and
 * exit code are its own.
 *
 * The time at which this start of the pod ends is kept in a file on the container disk, which
 * survives a crash of the command but not a stop. If that time has passed, the script acts before
 * the command begins: a command that crashes immediately would end the timer too. Everything runs
 * in a subshell, so that its variables do not change any that the command gets.
 */
export const TIMER = `
(
url="\${RUNPOD_STACK_API_URL:-https://api.runpod.io/v2}/pods/$RUNPOD_POD_ID/action"
say() { echo "runpod-stack timer: $1" >&2; }
ask() {
  body="{\\"action\\":\\"$1\\"}" auth="Authorization: Bearer $RUNPOD_API_KEY" json="Content-Type: application/json"
  case $tool in
    curl) curl -fsS -m 30 -o /dev/null -X POST -H "$auth" -H "$json" -d "$body" "$url" ;;
    wget) wget -q -T 30 -O /dev/null --header "$auth" --header "$json" --post-data "$body" "$url" ;;
    python3) URL="$url" BODY="$body" python3 -c 'import os, urllib.request as r
r.urlopen(r.Request(os.environ["URL"], os.environ["BODY"].encode(), {"Authorization": "Bearer " + os.environ["RUNPOD_API_KEY"], "Content-Type": "application/json"}), timeout=30)' ;;
    node) URL="$url" BODY="$body" node -e 'fetch(process.env.URL, {method: "POST", body: process.env.BODY, headers: {authorization: "Bearer " + process.env.RUNPOD_API_KEY, "content-type": "application/json"}}).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' ;;
  esac
}
stop_at() {
  if [ "$1" -ge 1000000000 ]; then echo "$1"; return; fi
  latest=$(($(date +%s) + $1))
  for folder in "" /var/tmp /tmp; do
    file=$folder/.runpod-stack-stop-at kept=
    if [ -r "$file" ]; then read -r kept <"$file"; fi
    if [ "\${kept:-$latest}" -lt "$latest" ] 2>/dev/null; then echo "$kept"; return; fi
    if (echo "$latest" >"$file") 2>/dev/null; then echo "$latest"; return; fi
  done
  say "no folder is writable: a crash of the command delays the stop"
  echo "$latest"
}
at() {
  left=$(($1 - $(date +%s)))
  while [ "$left" -gt 0 ]; do
    if [ "$left" -gt 60 ]; then sleep 60; else sleep "$left"; fi
    left=$(($1 - $(date +%s)))
  done
  until try "$2"; do say "the request failed; retrying"; sleep 15; done
}
try() {
  say "the time is up: asking RunPod to $1 this pod"
  ask "$1"
}
end_at() {
  if [ "$1" -gt "$(date +%s)" ] || ! try "$2"; then at "$1" "$2" & fi
}
tool=
for name in curl wget python3 node; do
  if command -v "$name" >/dev/null 2>&1; then tool=$name; break; fi
done
if [ -z "$tool" ]; then
  say "off: the image has none of curl, wget, python3 and node"
else
  if [ -n "$RUNPOD_STACK_TERMINATE_AFTER" ]; then end_at "$RUNPOD_STACK_TERMINATE_AFTER" terminate; fi
  if [ -n "$RUNPOD_STACK_STOP_AFTER" ]; then end_at "$(stop_at "$RUNPOD_STACK_STOP_AFTER")" stop; fi
fi
)
exec "$@"
`.trim();
