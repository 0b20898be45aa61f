#include "talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG     4096
#define SAID        2048
#define PATIENCE_MS 8000

union place {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

const char *
end_name(enum end end)
{
	static const char *const names[] = {
	    "none", "closed", "reset", "refused", "hung", "odd"};

	return names[end];
}

static socklen_t
place_of(union place *place, const char *address, uint16_t port)
{
	memset(place, 0, sizeof(*place));
	if (inet_pton(AF_INET, address, &place->four.sin_addr) == 1) {
		place->four.sin_family = AF_INET;
		place->four.sin_port = htons(port);
		return sizeof(place->four);
	}
	if (inet_pton(AF_INET6, address, &place->six.sin6_addr) == 1) {
		place->six.sin6_family = AF_INET6;
		place->six.sin6_port = htons(port);
		return sizeof(place->six);
	}
	return 0;
}

static uint16_t
place_text(const union place *place, char *text, size_t room)
{
	if (place->any.sa_family == AF_INET) {
		(void)inet_ntop(AF_INET, &place->four.sin_addr, text, (socklen_t)room);
		return ntohs(place->four.sin_port);
	}
	(void)inet_ntop(AF_INET6, &place->six.sin6_addr, text, (socklen_t)room);
	return ntohs(place->six.sin6_port);
}

int
talk_accept(int fd, char *text, size_t room, uint16_t *port)
{
	union place place;
	socklen_t size = sizeof(place);
	const int guest = accept(fd, &place.any, &size);

	if (guest != -1)
		*port = place_text(&place, text, room);
	return guest;
}

uint16_t
talk_own(int fd, char *text, size_t room)
{
	union place place;
	socklen_t size = sizeof(place);

	if (getsockname(fd, &place.any, &size) == -1) {
		text[0] = '\0';
		return 0;
	}
	return place_text(&place, text, room);
}

void
talk_failed(struct talk *t, int error)
{
	enum end end = END_ODD;

	if (error == ECONNRESET || error == EPIPE) {
		end = END_RESET;
	} else if (error == ECONNREFUSED) {
		end = END_REFUSED;
	} else if (error == EAGAIN || error == EINPROGRESS || error == ETIMEDOUT) {
		end = END_HUNG;
	}
	if (t->end == END_NONE)
		t->end = end;
}

void
talk_patience(struct talk *t, unsigned ms)
{
	const struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	if (setsockopt(t->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == -1 ||
	    setsockopt(t->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) == -1)
		talk_failed(t, errno);
}

void
talk_take(struct talk *t, int fd, unsigned patience_ms)
{
	const int one = 1;

	t->fd = fd;
	t->end = END_NONE;
	t->at = t->fill = 0;
	talk_patience(t, patience_ms);
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) == -1)
		talk_failed(t, errno);
}

bool
talk_call(struct talk *t, const char *from, const char *to, uint16_t port)
{
	union place here, there;
	const socklen_t here_size = place_of(&here, from, 0);
	const socklen_t there_size = place_of(&there, to, port);

	talk_take(
	    t, socket(there.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), PATIENCE_MS);
	if (t->end == END_NONE && here_size > 0 &&
	    bind(t->fd, &here.any, here_size) == -1)
		talk_failed(t, errno);
	if (t->end == END_NONE && connect(t->fd, &there.any, there_size) == -1)
		talk_failed(t, errno);
	return t->end == END_NONE;
}

int
talk_listen(const char *address, uint16_t port)
{
	union place here;
	const socklen_t size = place_of(&here, address, port);
	const int one = 1;
	int fd = socket(here.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd != -1 &&
	    (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == -1 ||
		bind(fd, &here.any, size) == -1 || listen(fd, BACKLOG) == -1)) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

bool
talk_send(struct talk *t, const void *bytes, size_t size)
{
	const char *at = bytes;
	ssize_t n;

	while (t->end == END_NONE && size > 0) {
		n = send(t->fd, at, size, MSG_NOSIGNAL);
		if (n == -1 && errno != EINTR)
			talk_failed(t, errno);
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
	return t->end == END_NONE;
}

bool
talk_say(struct talk *t, const char *format, ...)
{
	char text[SAID];
	va_list words;
	int n;

	va_start(words, format);
	n = vsnprintf(text, sizeof(text), format, words);
	va_end(words);
	if (n < 0 || (size_t)n >= sizeof(text)) {
		talk_failed(t, EMSGSIZE);
		return false;
	}
	return talk_send(t, text, (size_t)n);
}

/* More into the buffer, what was read having made room. */
static bool
fetch(struct talk *t)
{
	ssize_t n;

	memmove(t->buffer, t->buffer + t->at, t->fill - t->at);
	t->fill -= t->at;
	t->at = 0;
	if (t->fill == sizeof(t->buffer))
		talk_failed(t, EMSGSIZE);
	if (t->end != END_NONE)
		return false;
	do {
		n = recv(t->fd, t->buffer + t->fill, sizeof(t->buffer) - t->fill, 0);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		talk_failed(t, errno);
	else if (n == 0)
		t->end = END_CLOSED;
	else
		t->fill += (size_t)n;
	return n > 0;
}

char *
talk_line(struct talk *t)
{
	char *line, *end;

	while ((end = memchr(t->buffer + t->at, '\n', t->fill - t->at)) == NULL) {
		if (!fetch(t))
			return NULL;
	}
	line = t->buffer + t->at;
	t->at = (size_t)(end + 1 - t->buffer);
	if (end > line && end[-1] == '\r')
		end--;
	*end = '\0';
	return line;
}

bool
talk_bytes(struct talk *t, void *to, size_t size)
{
	char *out = to;
	size_t n;

	while (size > 0) {
		if (t->at == t->fill && !fetch(t))
			return false;
		n = t->fill - t->at < size ? t->fill - t->at : size;
		if (out != NULL) {
			memcpy(out, t->buffer + t->at, n);
			out += n;
		}
		t->at += n;
		size -= n;
	}
	return true;
}

size_t
talk_some(struct talk *t, void *to, size_t room)
{
	size_t n;

	if (t->at == t->fill && !fetch(t))
		return 0;
	n = t->fill - t->at < room ? t->fill - t->at : room;
	memcpy(to, t->buffer + t->at, n);
	t->at += n;
	return n;
}

void
talk_close(struct talk *t)
{
	if (t->fd != -1)
		(void)close(t->fd);
	t->fd = -1;
}

int64_t
talk_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void
talk_sleep_us(int64_t us)
{
	struct timespec left = {
	    .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};

	while (nanosleep(&left, &left) == -1 && errno == EINTR)
		continue;
}
