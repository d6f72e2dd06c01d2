# The private Redis. It keeps nothing on disk: nothing lives only in Redis that a customer would miss.
# shellcheck shell=bash disable=SC2154  # root, home come from common.sh

start_redis() {
    local port=$1 deadline
    # The password is in a file of our own and not in the list of processes.
    (umask 077 && cat >"$home/redis.conf") <<CONF
bind 127.0.0.1
port $port
requirepass $(secret REDIS_PASSWORD)
save ""
appendonly no
dir "$home/log"
maxmemory 512mb
maxmemory-policy volatile-lru
CONF
    launch redis redis-server "$home/redis.conf"
    deadline=$(($(now) + 20000))
    while [ "$(now)" -lt "$deadline" ]; do
        if [ -z "$(pid_of redis)" ]; then
            port_lost redis && return 2
            return 1
        fi
        # Another server on this port would not know the password.
        [ "$(REDISCLI_AUTH=$(secret REDIS_PASSWORD) redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null)" = PONG ] && return 0
        sleep 0.05
    done
    return 1
}

up_redis() {
    have redis-server || die "redis-server is not installed; run script/bootstrap."
    start_on_free_port redis 56379 start_redis
}
