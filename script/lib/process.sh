# Starting and ending the private services: pid files that cannot be taken in by a reused pid, free ports.
# shellcheck shell=bash disable=SC2154  # root, home come from common.sh

# When a process was started, in clock ticks since boot; nothing when there is no such process or it is a zombie.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # The second field is the command's name in brackets and may hold spaces: cut behind the last bracket.
    read -r -a stat <<<"${stat##*) }"
    [ "${stat[0]}" = Z ] || printf '%s' "${stat[19]}"
}

# pid_of NAME: the pid of our running service, or nothing. The file holds pid and start time: a pid that the system
# gave to another process after a crash or a reboot has another start time.
pid_of() {
    local pid='' started=''
    if [ -r "$home/run/$1.pid" ]; then read -r pid started <"$home/run/$1.pid" || true; fi
    if [ -n "$pid" ] && [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]; then printf '%s' "$pid"; fi
}

# launch NAME command…: starts a service that outlives this script and the terminal. No descriptor of ours goes along.
launch() {
    local name=$1 log=$home/log/$1.log pid
    shift
    if [ -f "$log" ] && [ "$(stat -c %s "$log")" -gt 10000000 ]; then mv -f "$log" "$log.1"; fi
    # Each client is an open file, and a common soft limit is 1024.
    (ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)" && exec setsid "$@") </dev/null >>"$log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    pid=$!
    disown
    printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$home/run/$name.pid"
}

# end NAME SIGNAL SECONDS HARDER: asks, waits, and then insists.
end() {
    local name=$1 pid deadline
    pid=$(pid_of "$name")
    if [ -n "$pid" ]; then
        deadline=$(($(now) + $3 * 1000))
        kill "-$2" "$pid" 2>/dev/null || true
        while [ -n "$(pid_of "$name")" ] && [ "$(now)" -lt "$deadline" ]; do sleep 0.05; done
        if [ -n "$(pid_of "$name")" ]; then
            warn "$name (pid $pid) did not end within $3 s of $2; sending $4"
            kill "-$4" "$pid" 2>/dev/null || true
            deadline=$(($(now) + 5000))
            while [ -n "$(pid_of "$name")" ] && [ "$(now)" -lt "$deadline" ]; do sleep 0.05; done
            [ -z "$(pid_of "$name")" ] || die "$name (pid $pid) does not end."
        fi
    fi
    rm -f "$home/run/$name.pid"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_ports NAME PREFERRED: candidates, best first: the one of last time, then from the preferred one up.
free_ports() {
    local port count=0 last
    last=$(value_in "$home/ports" "$1")
    for port in $last $(seq "$2" $(($2 + 500))); do
        port_taken "$port" && continue
        echo "$port"
        [ $((count += 1)) -lt 5 ] || return 0
    done
}

# start_on_free_port NAME PREFERRED FUNCTION: FUNCTION PORT starts the service and returns 0 once it answers, 2 when the
# port was taken in the meantime (by another checkout that starts at this moment), 1 after another failure.
start_on_free_port() {
    local name=$1 port status
    for port in $(free_ports "$1" "$2"); do
        status=0
        "$3" "$port" || status=$?
        if [ $status -eq 0 ]; then
            set_value "$home/ports" "$name" "$port"
            return 0
        fi
        end "$name" KILL 5 KILL
        [ $status -eq 2 ] || break
    done
    printf 'error: %s did not start. The end of %s:\n' "$name" "$home/log/$name.log" >&2
    tail -n 15 "$home/log/$name.log" >&2 || true
    return 1
}

# Whether the last start in a log failed for want of the port.
port_lost() {
    tail -n 30 "$home/log/$1.log" | grep -qiE 'address already in use|could not bind|Failed to listen'
}

# set_value FILE KEY VALUE: replaces or adds one line.
set_value() {
    local file=$1
    { [ ! -f "$file" ] || grep -v "^$2=" "$file" || true; printf '%s=%s\n' "$2" "$3"; } >"$file.new"
    chmod 600 "$file.new"
    mv -f "$file.new" "$file"
}
