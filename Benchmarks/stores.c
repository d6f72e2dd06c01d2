/* Work on MongoDB alone, from C, without a server in between.

   stores insert URI SECONDS THREADS BATCH
       The limit of the append: bulk inserts of messages as Switchboard stores them, at majority and journal, into a
       collection "bench_limit" of its own. Prints one line of JSON.
   stores messages URI COMPANY CONVERSATION COUNT
       Fills a conversation up to COUNT messages, for measuring how cost grows.
   stores conversations URI COMPANY COUNT
       Adds COUNT conversations to a company, for the same.

   Ids are written as 32 hexadecimal digits. */
#include <mongoc/mongoc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

static const char *text =
    "Hello team, the quarterly numbers are in and the customer asked for an update on ticket 4711 before Friday; "
    "please summarise what we know so far. Thanks!";
static mongoc_client_pool_t *pool;
static const char *database;
static double deadline;
static int batch;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void stop(const bson_error_t *error) {
    fprintf(stderr, "stores: %s\n", error->message);
    exit(1);
}

/* A time-ordered id: milliseconds, then random bits (xorshift). */
static void fresh(uint8_t id[16], uint64_t *seed) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t stamp = (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++) id[i] = stamp >> (40 - 8 * i);
    for (int i = 6; i < 16; i++) {
        *seed ^= *seed << 13, *seed ^= *seed >> 7, *seed ^= *seed << 17;
        id[i] = *seed >> 32;
    }
    id[6] = (id[6] & 0x0f) | 0x70, id[8] = (id[8] & 0x3f) | 0x80;
}

static uint64_t random_seed(void) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed || !seed) seed = 88172645463325252ULL;
    return seed;
}

static void read_id(const char *digits, uint8_t id[16]) {
    for (int i = 0; i < 16; i++) {
        unsigned byte = 0;
        sscanf(digits + 2 * i, "%2x", &byte);
        id[i] = byte;
    }
}

static void add_id(bson_t *document, const char *key, const uint8_t id[16]) {
    bson_append_binary(document, key, -1, BSON_SUBTYPE_UUID, id, 16);
}

static int64_t milliseconds(void) { return (int64_t)time(NULL) * 1000; }

static void message(bson_t *document, const uint8_t company[16], const uint8_t conversation[16], int64_t seq, uint64_t *seed) {
    uint8_t id[16];
    fresh(id, seed);
    bson_init(document);
    add_id(document, "_id", id);
    add_id(document, "companyId", company);
    add_id(document, "conversationId", conversation);
    BSON_APPEND_INT64(document, "seq", seq);
    BSON_APPEND_DATE_TIME(document, "timestamp", milliseconds());
    BSON_APPEND_UTF8(document, "role", "user");
    BSON_APPEND_UTF8(document, "sender", "user:0198b2c4-7f31-7c52-9a6f-3f2b1c0d9e8f");
    BSON_APPEND_UTF8(document, "content", text);
}

static void conversation(bson_t *document, const uint8_t company[16], int64_t number, uint64_t *seed) {
    uint8_t id[16];
    bson_t part;
    int64_t at = milliseconds() - number;
    fresh(id, seed);
    bson_init(document);
    add_id(document, "_id", id);
    add_id(document, "companyId", company);
    add_id(document, "ownerId", company);
    BSON_APPEND_UTF8(document, "platform", "web");
    BSON_APPEND_UTF8(document, "title", "A conversation among many");
    BSON_APPEND_DOCUMENT_BEGIN(document, "control", &part);
    BSON_APPEND_INT64(&part, "version", 0);
    bson_append_document_end(document, &part);
    BSON_APPEND_DOCUMENT_BEGIN(document, "metadata", &part);
    BSON_APPEND_INT64(&part, "messageCount", 0);
    BSON_APPEND_UTF8(&part, "status", "active");
    bson_append_document_end(document, &part);
    BSON_APPEND_DATE_TIME(document, "lastActivityAt", at);
    BSON_APPEND_INT64(document, "version", 1);
    BSON_APPEND_DATE_TIME(document, "createdAt", at);
    BSON_APPEND_DATE_TIME(document, "updatedAt", at);
}

static void send_all(mongoc_collection_t *collection, bson_t *documents, const bson_t **pointers, int count, const bson_t *options) {
    bson_error_t error;
    if (!mongoc_collection_insert_many(collection, pointers, count, options, NULL, &error)) stop(&error);
    for (int i = 0; i < count; i++) bson_destroy(&documents[i]);
}

static void *insert(void *result) {
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, database, "bench_limit");
    bson_t *documents = calloc(batch, sizeof *documents);
    const bson_t **pointers = calloc(batch, sizeof *pointers);
    bson_t *options = BCON_NEW(
        "ordered", BCON_BOOL(false), "writeConcern", "{", "w", BCON_UTF8("majority"), "j", BCON_BOOL(true), "}");
    uint64_t seed = random_seed();
    uint8_t company[16], conversation[16];
    long *count = result;
    fresh(company, &seed), fresh(conversation, &seed);
    while (now() < deadline) {
        for (int i = 0; i < batch; i++) message(&documents[i], company, conversation, *count + i + 1, &seed), pointers[i] = &documents[i];
        send_all(collection, documents, pointers, batch, options);
        *count += batch;
    }
    return NULL;
}

static int limit(double seconds, int threads) {
    pthread_t workers[64];
    long counts[64] = {0}, total = 0;
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    mongoc_database_t *handle = mongoc_client_get_database(client, database);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, database, "bench_limit");
    bson_error_t error;
    mongoc_collection_drop(collection, NULL);
    bson_t *indexes = BCON_NEW("createIndexes", "bench_limit", "indexes", "[", "{", "key", "{", "companyId", BCON_INT32(1),
        "conversationId", BCON_INT32(1), "seq", BCON_INT32(1), "}", "name", "seq", "unique", BCON_BOOL(true), "}", "]");
    if (!mongoc_database_write_command_with_opts(handle, indexes, NULL, NULL, &error)) stop(&error);
    double begin = now();
    deadline = begin + seconds;
    for (int i = 0; i < threads; i++) pthread_create(&workers[i], NULL, insert, &counts[i]);
    for (int i = 0; i < threads; i++) pthread_join(workers[i], NULL), total += counts[i];
    double elapsed = now() - begin;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double processor = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    mongoc_collection_drop(collection, NULL);
    printf("{\"count\":%ld,\"rate\":%.1f,\"client\":%.1f}\n", total, total / elapsed, processor * 1e6 / (total ? total : 1));
    return 0;
}

static int fill(const char *name, const uint8_t company[16], const uint8_t *thread, int64_t from, int64_t to) {
    enum { size = 2000 };
    static bson_t documents[size];
    const bson_t *pointers[size];
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, database, name);
    bson_t *options = BCON_NEW("ordered", BCON_BOOL(false));
    uint64_t seed = random_seed();
    for (int64_t next = from; next <= to;) {
        int count = 0;
        for (; count < size && next <= to; count++, next++) {
            if (thread) message(&documents[count], company, thread, next, &seed);
            else conversation(&documents[count], company, next, &seed);
            pointers[count] = &documents[count];
        }
        send_all(collection, documents, pointers, count, options);
    }
    return 0;
}

/* The conversation's own idea of its last message, which Switchboard would have written along. */
static int note(const uint8_t company[16], const uint8_t thread[16], int64_t count) {
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, database, "conversations");
    bson_t filter = BSON_INITIALIZER, update = BSON_INITIALIZER, part;
    bson_error_t error;
    add_id(&filter, "_id", thread);
    add_id(&filter, "companyId", company);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$max", &part);
    BSON_APPEND_INT64(&part, "metadata.messageCount", count);
    BSON_APPEND_DATE_TIME(&part, "metadata.lastMessageAt", milliseconds());
    BSON_APPEND_DATE_TIME(&part, "lastActivityAt", milliseconds());
    bson_append_document_end(&update, &part);
    if (!mongoc_collection_update_one(collection, &filter, &update, NULL, NULL, &error)) stop(&error);
    return 0;
}

int main(int count, char **words) {
    uint8_t company[16], thread[16];
    if (count < 5) return fprintf(stderr, "see the head of stores.c\n"), 2;
    mongoc_init();
    mongoc_uri_t *uri = mongoc_uri_new(words[2]);
    if (!uri || !(pool = mongoc_client_pool_new(uri))) return fprintf(stderr, "stores: a bad address\n"), 1;
    database = mongoc_uri_get_database(uri) ? mongoc_uri_get_database(uri) : "switchboard";
    if (!strcmp(words[1], "insert") && count == 6 && atoi(words[4]) <= 64) {
        batch = atoi(words[5]);
        return limit(atof(words[3]), atoi(words[4]));
    }
    read_id(words[3], company);
    if (!strcmp(words[1], "conversations")) return fill("conversations", company, NULL, 1, atoll(words[4]));
    if (strcmp(words[1], "messages") || count < 6) return fprintf(stderr, "see the head of stores.c\n"), 2;
    int64_t from = count > 6 ? atoll(words[6]) : 1;
    read_id(words[4], thread);
    return fill("messages", company, thread, from, atoll(words[5])) || note(company, thread, atoll(words[5]));
}
