/**
 * What `terminateAfter` and `stopAfter` put before a container's command. REST v2 has no
 * time-to-live, so a timer inside the container asks for the pod's end, with the key that RunPod
 * gives every pod for itself. The command takes the shell's place: signals and exit code are its own.
 */
export const TIMER = `
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
at() {
  left=$(($1 - $(date +%s)))
  while [ "$left" -gt 0 ]; do
    if [ "$left" -gt 60 ]; then sleep 60; else sleep "$left"; fi
    left=$(($1 - $(date +%s)))
  done
  say "the time is up: asking RunPod to $2 this pod"
  until ask "$2"; do say "RunPod did not; asking again"; sleep 15; done
}
tool=
for name in curl wget python3 node; do
  if command -v "$name" >/dev/null 2>&1; then tool=$name; break; fi
done
if [ -z "$tool" ]; then
  say "off: the image has none of curl, wget, python3 and node"
else
  if [ -n "$RUNPOD_STACK_TERMINATE_AFTER" ]; then at "$RUNPOD_STACK_TERMINATE_AFTER" terminate & fi
  if [ -n "$RUNPOD_STACK_STOP_AFTER" ]; then at "$RUNPOD_STACK_STOP_AFTER" stop & fi
fi
exec "$@"
`.trim();
