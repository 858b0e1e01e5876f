/* A position in C: it counts each fill once. No JSON library: the protocol's lines are flat enough.
 *
 *     cc -O2 -o position examples/adapters/position.c
 *     truebook conform -- ./position
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 65536 /* fills of one case */
#define UNIT 1000000000LL /* sizes are whole numbers of 10^-9 */

static long long position;
static char *fills[MOST];
static size_t count;

/* Copy the text (or number) of a field; return whether the line has it. */
static int field(const char *line, const char *name, char *into, size_t size) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(line, key);
    size_t n = 0;
    if (!at) return 0;
    at += strlen(key);
    if (*at == '"') at++;
    while (*at && !strchr("\",}", *at) && n + 1 < size) into[n++] = *at++;
    into[n] = 0;
    return 1;
}

static long long lots(const char *text) {
    long long size = 0, unit = UNIT;
    for (; *text && *text != '.'; text++) size = size * 10 + (*text - '0');
    size *= UNIT;
    if (*text == '.')
        while (*++text && (unit /= 10)) size += (*text - '0') * unit;
    return size;
}

static int is_new(const char *key) {
    for (size_t i = count; i-- > 0;)
        if (!strcmp(fills[i], key)) return 0;
    if (count == MOST) exit(2);
    fills[count++] = strdup(key);
    return 1;
}

static void fill(const char *line) {
    char oid[128], tid[128], time[64], size[64], side[8], key[400];
    if (!field(line, "oid", oid, sizeof oid) || !field(line, "tid", tid, sizeof tid) ||
        !field(line, "time", time, sizeof time) || !field(line, "size", size, sizeof size) ||
        !field(line, "side", side, sizeof side))
        return;
    snprintf(key, sizeof key, "%s %s %s", time, tid, oid);
    if (is_new(key)) position += strcmp(side, "buy") ? -lots(size) : lots(size);
}

static void reset(void) {
    while (count) free(fills[--count]);
    position = 0;
}

int main(void) {
    char *line = NULL, seq[32];
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        if (strstr(line, "\"type\":\"hello\"")) {
            puts("{\"type\":\"about\",\"protocol\":\"2\",\"name\":\"position.c\",\"version\":\"1\","
                 "\"language\":\"C\",\"features\":[\"core\"],\"shows\":[\"position\"]}");
        } else {
            if (strstr(line, "\"type\":\"reset\"")) reset();
            if (strstr(line, "\"type\":\"fill\"")) fill(line);
            field(line, "seq", seq, sizeof seq);
            long long size = position < 0 ? -position : position;
            printf("{\"type\":\"state\",\"seq\":%s,\"position\":\"%s%lld.%09lld\"}\n", seq,
                   position < 0 ? "-" : "", size / UNIT, size % UNIT);
        }
        fflush(stdout);
    }
    free(line);
    return 0;
}
