/*
 * A connection that is read by lines, by the clients and servers of the scene.
 * How it ended is an answer like any other: the first end stays, and whatever
 * is asked of the connection afterwards says no.
 */
#ifndef TESTS_ENFORCE_TALK_H
#define TESTS_ENFORCE_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALK_BYTES 8192

enum end { END_NONE, END_CLOSED, END_RESET, END_REFUSED, END_HUNG, END_ODD };

struct talk {
	int fd;
	enum end end;
	size_t at, fill;
	char buffer[TALK_BYTES];
};

const char *end_name(enum end);

/* An accepted connection; what takes longer than the patience has hung. */
void talk_take(struct talk *, int fd, unsigned patience_ms);

/* From an address of this host, any port, to another; false when it ended there. */
bool talk_call(struct talk *, const char *from, const char *to, uint16_t port);

/* A socket that listens; -1 when there can be none. */
int talk_listen(const char *address, uint16_t port);

/* The next who calls, where from, and its port; -1 when that failed. */
int talk_accept(int fd, char *text, size_t room, uint16_t *port);

/* The address and port at this end. */
uint16_t talk_own(int fd, char *text, size_t room);

void talk_patience(struct talk *, unsigned ms);
bool talk_send(struct talk *, const void *bytes, size_t size);
bool talk_say(struct talk *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next line without its end, valid until the next call; NULL when there is none. */
char *talk_line(struct talk *);

/* So many bytes, to nowhere when to is NULL. */
bool talk_bytes(struct talk *, void *to, size_t size);

/* What has arrived and was not read yet, or else the next to arrive; 0 at the end. */
size_t talk_some(struct talk *, void *to, size_t room);

/* Notes how it ended when a call failed with this errno. */
void talk_failed(struct talk *, int error);
void talk_close(struct talk *);

/* Monotonic time. */
int64_t talk_us(void);
void talk_sleep_us(int64_t us);

#endif
