#!/usr/bin/env bash
# A pretend cluster on one machine: hosts in namespaces, each with its own name (node1, node2, ...),
# network stack, clock, /dev/shm and folder for temporary files, joined by a bridge of their own.
#
#   tests/cluster/pretend_cluster.sh HOSTS COMMAND [ARG...]
#
# Runs COMMAND on node1, where `mpirun -np N` starts ranks over all hosts, two a host, by TCP; ends with
# its exit code. Try it with `bash`. Exit code 77: this machine does not allow it; stderr says why.
#
# Nothing outside is touched and nothing is left behind, however this ends: all of it lives in a network,
# mount and process namespace of its own that ends with COMMAND. Needs no root where users may make
# namespaces.
#
# COMMAND finds in its environment
#   PRETEND_CLUSTER    a folder with `on`: `$PRETEND_CLUSTER/on node2 'COMMAND'` runs one there, as ssh would
#   TMPDIR             a folder that every host has to itself, at the same path
# mpirun reaches the hosts through `on` instead of ssh: a test should not start an ssh server on the
# machine that it runs on.
set -euo pipefail

usage() { echo "usage: pretend_cluster.sh HOSTS COMMAND [ARG...]" >&2; exit 2; }
skip() { echo "pretend_cluster.sh: not possible here: $1" >&2; exit 77; }

# Outside: look whether it can be done, then come back inside the namespaces.
outside() {
  if [ $# -lt 2 ] || [[ ! $1 =~ ^[1-9]$ ]]; then usage; fi
  local tool reason folder code=0
  for tool in unshare nsenter mount ip mpirun; do
    command -v "$tool" >/dev/null || skip "there is no $tool (Debian: util-linux mount iproute2 openmpi-bin)"
  done
  local namespaces=(--mount --net --uts --pid --fork --kill-child --mount-proc)
  [ "$(id -u)" = 0 ] || namespaces=(--user --map-root-user "${namespaces[@]}")
  reason=$(unshare "${namespaces[@]}" true 2>&1) || skip "no namespaces: $reason"
  folder=$(mktemp -d "${TMPDIR:-/tmp}/pretend-cluster.XXXXXX")
  # Double quotes: the name is a local's. What lies in the folder is on a file system of the namespace's.
  # shellcheck disable=SC2064
  trap "rmdir '$folder'" EXIT
  PRETEND_CLUSTER=$folder unshare "${namespaces[@]}" bash "$0" --inside "$@" || code=$?
  exit "$code"
}

# Inside: the switch's namespaces. Whatever fails before COMMAND runs is this machine's doing.
inside() {
  local hosts=$1
  shift
  local log=$PRETEND_CLUSTER/log
  mount -t tmpfs tmpfs "$PRETEND_CLUSTER"
  mkdir "$PRETEND_CLUSTER/own"
  # A process of its own: after `||`, set -e would not end a function.
  bash "$0" --make-hosts "$hosts" >"$log" 2>&1 || skip "$(tail -n 1 "$log")"
  "$PRETEND_CLUSTER/on" --keep-environment node1 "$(printf '%q ' "$@")"
}

make_hosts() {
  local hosts=$1 i pid
  write_files "$hosts"
  ip link add switch type bridge
  ip link set switch up
  for i in $(seq "$hosts"); do
    # A sleeping process holds the host's namespaces open. Its clock goes 1000 s after the last one's.
    # shellcheck disable=SC2016 # expanded inside
    unshare --mount --net --uts --time --monotonic $(((hosts - i) * 1000)) --fork \
      bash -c 'echo $$ >"$1.new"; mv "$1.new" "$1"; exec sleep infinity' _ "$PRETEND_CLUSTER/node$i.pid" &
    pid=$(wait_for_pid "$PRETEND_CLUSTER/node$i.pid")
    ip link add name "port$i" type veth peer name e0 netns "$pid"
    ip link set "port$i" master switch up
    "$PRETEND_CLUSTER/on" "node$i" "bash -e '$PRETEND_CLUSTER/set_up' $i"
  done
}

wait_for_pid() {
  for _ in $(seq 6000); do
    [ ! -e "$1" ] || { cat "$1"; return; }
    sleep 0.01
  done
  echo "a host did not start" >&2
  return 1
}

write_files() {
  local i
  {
    echo "127.0.0.1 localhost"
    for i in $(seq "$1"); do echo "10.77.0.$i node$i"; done
  } >"$PRETEND_CLUSTER/hosts"
  for i in $(seq "$1"); do echo "node$i slots=2"; done >"$PRETEND_CLUSTER/hostfile"

  cat >"$PRETEND_CLUSTER/set_up" <<SET_UP
hostname "node\$1"
mount --bind '$PRETEND_CLUSTER/hosts' /etc/hosts
mount -t tmpfs -o size=1g shm /dev/shm
mount -t tmpfs own '$PRETEND_CLUSTER/own'
ip address add "10.77.0.\$1/24" dev e0
ip link set e0 up
ip link set lo up
SET_UP

  cat >"$PRETEND_CLUSTER/on" <<'ON'
#!/usr/bin/env bash
# on [--keep-environment] HOST WORD...: run the words as a shell's command line on HOST
set -euo pipefail
cluster=$(dirname "$0")
environment=(env -i "PATH=$PATH" "HOME=${HOME:-/}" ${LD_LIBRARY_PATH:+"LD_LIBRARY_PATH=$LD_LIBRARY_PATH"})
if [ "$1" = --keep-environment ]; then
  environment=(env)
  shift
fi
host=$1
shift
exec nsenter --target "$(cat "$cluster/$host.pid")" --mount --net --uts --time --wd="$PWD" \
  "${environment[@]}" "PRETEND_CLUSTER=$cluster" "TMPDIR=$cluster/own" \
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
  "OMPI_MCA_plm_rsh_agent=$cluster/on" "OMPI_MCA_orte_default_hostfile=$cluster/hostfile" \
  bash -c "$*"
ON
  chmod +x "$PRETEND_CLUSTER/on"
}

case ${1:-} in
--inside) inside "${@:2}" ;;
--make-hosts) make_hosts "$2" ;;
*) outside "$@" ;;
esac
