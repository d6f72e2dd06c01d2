/* An open-loop load generator: requests are due at a fixed rate whether or not earlier ones were answered, and each
   one's latency counts from when it was due. So a server that stalls is charged for all that had to wait.

   open_loop PORT RATE SECONDS CONNECTIONS REQUESTS ACKNOWLEDGED
   REQUESTS: as in requests.lua. ACKNOWLEDGED: gets one line for each 201, "line of the request<TAB>id<TAB>seq".
   Prints one line of JSON. Ends after SECONDS and at most 10 s for what is still under way. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { MAX_REQUESTS = 4096, MAX_CONNECTIONS = 1024, BUFFER = 1 << 18 };

typedef struct {
    char *head, *tail; /* around the number; tail is NULL when there is none */
} request;

typedef struct {
    int socket, busy, request;
    size_t filled, written, length;
    double due;
    char *answer, out[40000];
} connection;

static request requests[MAX_REQUESTS];
static connection *connections[MAX_CONNECTIONS];
static int request_count, connection_count, poller;
static long refused, broken, answered;
static double *latencies;
static FILE *acknowledged;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void stop(const char *why) {
    fprintf(stderr, "open_loop: %s (%s)\n", why, strerror(errno));
    exit(1);
}

static void read_requests(const char *file) {
    FILE *input = fopen(file, "r");
    char *line = NULL, text[40000];
    size_t room = 0;
    if (!input) stop("cannot read the requests");
    while (request_count < MAX_REQUESTS && getline(&line, &room, input) > 0) {
        char *rest = line, *parts[5];
        line[strcspn(line, "\n")] = 0;
        for (int i = 0; i < 5; i++) parts[i] = strsep(&rest, i < 4 ? "\t" : "\n");
        if (!parts[4]) stop("a request lacks fields");
        int size = snprintf(text, sizeof text,
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%s%s%sContent-Type: application/json\r\n"
            "Content-Length: %zu\r\n\r\n%s",
            parts[0], parts[1], parts[2], *parts[3] ? "If-None-Match: " : "", parts[3], *parts[3] ? "\r\n" : "",
            strlen(parts[4]), parts[4]);
        if (size < 0 || size >= (int)sizeof text) stop("a request is too long");
        request *one = &requests[request_count++];
        char *mark = strstr(text, "#########");
        one->tail = mark ? strdup(mark + 9) : NULL;
        if (mark) *mark = 0;
        one->head = strdup(text);
    }
    free(line);
    fclose(input);
    if (!request_count) stop("no requests");
}

static connection *connect_to(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection *one = calloc(1, sizeof *one);
    int yes = 1;
    if (!one || !(one->answer = malloc(BUFFER))) stop("no memory");
    one->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(one->socket, (struct sockaddr *)&address, sizeof address)) stop("cannot connect");
    setsockopt(one->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(one->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, one->socket, &event)) stop("cannot poll");
    return one;
}

static void push(connection *one) {
    while (one->written < one->length) {
        ssize_t sent = write(one->socket, one->out + one->written, one->length - one->written);
        if (sent < 0 && errno == EAGAIN) continue; /* requests are far smaller than a socket's buffer */
        if (sent < 0) stop("the server closed a connection");
        one->written += sent;
    }
}

static void start(connection *one, long number, double due) {
    one->request = number % request_count;
    request *what = &requests[one->request];
    one->busy = 1, one->due = due, one->filled = one->written = 0;
    one->length = what->tail ? snprintf(one->out, sizeof one->out, "%s%09ld%s", what->head, number + 1, what->tail)
                             : snprintf(one->out, sizeof one->out, "%s", what->head);
    push(one);
}

/* The member's text up to the next quote or comma. */
static int member(const char *body, const char *name, char *value, size_t room) {
    const char *at = strstr(body, name);
    if (!at) return 0;
    at += strlen(name);
    size_t size = strcspn(at, "\",}");
    if (size >= room) return 0;
    memcpy(value, at, size);
    value[size] = 0;
    return 1;
}

static void finish(connection *one, const char *body) {
    int status = atoi(one->answer + 9);
    if (status == 201) {
        char id[64], seq[24];
        if (member(body, "\"id\":\"", id, sizeof id) && member(body, "\"seq\":", seq, sizeof seq))
            fprintf(acknowledged, "%d\t%s\t%s\n", one->request, id, seq);
    }
    if (status >= 200 && status < 400) latencies[answered++] = now() - one->due;
    else refused++;
    one->busy = 0;
}

static void pull(connection *one) {
    ssize_t got = read(one->socket, one->answer + one->filled, BUFFER - 1 - one->filled);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) stop("the server closed a connection");
    one->filled += got;
    one->answer[one->filled] = 0;
    char *body = strstr(one->answer, "\r\n\r\n");
    if (!body) return;
    char *length = strcasestr(one->answer, "content-length:");
    size_t expected = length && length < body ? strtoul(length + 15, NULL, 10) : 0;
    if (one->filled < (size_t)(body + 4 - one->answer) + expected) return;
    finish(one, body + 4);
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    if (count != 7) return fprintf(stderr, "see the head of open_loop.c\n"), 2;
    double rate = atof(words[2]), seconds = atof(words[3]);
    long total = rate * seconds, next = 0;
    connection_count = atoi(words[4]);
    if (connection_count < 1 || connection_count > MAX_CONNECTIONS || total < 1) stop("figures out of range");
    read_requests(words[5]);
    if (!(acknowledged = fopen(words[6], "w"))) stop("cannot write what was acknowledged");
    latencies = malloc(total * sizeof *latencies);
    poller = epoll_create1(0);
    for (int i = 0; i < connection_count; i++) connections[i] = connect_to(atoi(words[1]));
    double begin = now(), end = begin + seconds + 10;
    int under_way = 0;
    while ((next < total || under_way) && now() < end) {
        under_way = 0;
        for (int i = 0; i < connection_count; i++) {
            double due = begin + next / rate;
            if (!connections[i]->busy && next < total && due <= now()) start(connections[i], next++, due);
            under_way += connections[i]->busy;
        }
        double rest = begin + next / rate - now();
        struct epoll_event events[256];
        struct timespec wait = {.tv_nsec = next >= total ? 10000000 : rest > 0 ? (rest < 0.01 ? rest * 1e9 : 1e7) : 0};
        /* Nobody is free although something is due: only an answer helps. */
        if (next < total && rest <= 0 && under_way == connection_count) wait.tv_nsec = 10000000;
        int ready = epoll_pwait2(poller, events, 256, &wait, NULL);
        for (int i = 0; i < ready; i++) pull(events[i].data.ptr);
    }
    broken = under_way;
    double elapsed = now() - begin;
    fclose(acknowledged);
    qsort(latencies, answered, sizeof *latencies, ascending);
    printf("{\"requests\":%ld,\"microseconds\":%.0f,\"refused\":%ld,\"broken\":%ld,\"p50\":%.0f,\"p99\":%.0f,"
           "\"max\":%.0f}\n",
        answered + refused, elapsed * 1e6, refused, broken, answered ? latencies[answered / 2] * 1e6 : 0,
        answered ? latencies[(long)(answered * 0.99)] * 1e6 : 0, answered ? latencies[answered - 1] * 1e6 : 0);
    return 0;
}
