/*
 * The service of the scene: a thread each for what listens and for who comes.
 *
 * usage: host BURST ADDRESS...    listens on the ports below; says "ready"; when
 * its input ends it tells as JSON lines how each connection ended for it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve.h"

#define VISITS_MAX  16384
#define STACK_BYTES (128 * 1024)
#define PATIENCE_MS 8000

struct desk {
	uint16_t port;
	const char *name;
	void (*serve)(struct visit *);
};

struct told {
	const char *desk;
	char host[ADDRESS_TEXT];
	uint16_t port;
	enum end end;
	bool over;
};

struct counter {
	int fd;
	const struct desk *desk;
};

static const struct desk desks[] = {
    {1863, "notification", serve_notification},
    {80, "web", serve_web},
    {3128, "proxy", serve_proxy},
    {1080, "socks", serve_socks},
    {22, "echo", serve_echo},
    {443, "echo", serve_echo},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct told visits[VISITS_MAX];
static size_t n_visits, n_over;
static size_t burst;
static pthread_attr_t small;

struct guest {
	struct visit visit;
	const struct desk *desk;
	struct told *told;
};

static void *
attend(void *arg)
{
	struct guest *guest = arg;
	struct talk *t = &guest->visit.talk;

	guest->desk->serve(&guest->visit);
	talk_close(t);
	(void)pthread_mutex_lock(&lock);
	guest->told->end = t->end;
	guest->told->over = true;
	n_over++;
	(void)pthread_mutex_unlock(&lock);
	free(guest);
	return NULL;
}

/* The next place in the list of visits; NULL when it is full. */
static struct told *
enter(const struct desk *desk)
{
	struct told *told = NULL;

	(void)pthread_mutex_lock(&lock);
	if (n_visits < VISITS_MAX) {
		told = &visits[n_visits++];
		told->desk = desk->name;
	}
	(void)pthread_mutex_unlock(&lock);
	return told;
}

static void *
receive(void *arg)
{
	const struct counter *counter = arg;
	pthread_t thread;
	struct guest *guest;
	char from[ADDRESS_TEXT];
	uint16_t port;
	int fd;

	for (;;) {
		fd = talk_accept(counter->fd, from, sizeof(from), &port);
		if (fd == -1)
			continue;
		guest = calloc(1, sizeof(*guest));
		if (guest == NULL || (guest->told = enter(counter->desk)) == NULL) {
			(void)fputs("host: no room for one more\n", stderr);
			exit(1);
		}
		guest->desk = counter->desk;
		guest->visit.burst = burst;
		talk_take(&guest->visit.talk, fd, PATIENCE_MS);
		(void)talk_own(fd, guest->visit.here, sizeof(guest->visit.here));
		memcpy(guest->told->host, from, sizeof(from));
		guest->told->port = port;
		if (pthread_create(&thread, &small, attend, guest) != 0) {
			(void)fputs("host: no thread for one more\n", stderr);
			exit(1);
		}
		(void)pthread_detach(thread);
	}
	return NULL;
}

static bool
open_desk(const char *address, const struct desk *desk)
{
	struct counter *counter = calloc(1, sizeof(*counter));
	pthread_t thread;

	if (counter == NULL)
		return false;
	counter->fd = talk_listen(address, desk->port);
	counter->desk = desk;
	if (counter->fd == -1 || pthread_create(&thread, &small, receive, counter) != 0) {
		(void)fprintf(stderr, "host: %s port %d: cannot listen\n", address,
		    (int)desk->port);
		free(counter);
		return false;
	}
	return true;
}

static void
tell_all(void)
{
	const int64_t until = talk_us() + 2 * PATIENCE_MS * 1000;
	bool waiting = true;

	while (waiting && talk_us() < until) {
		talk_sleep_us(20000);
		(void)pthread_mutex_lock(&lock);
		waiting = n_over < n_visits;
		(void)pthread_mutex_unlock(&lock);
	}
	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < n_visits; i++) {
		printf("{\"desk\": \"%s\", \"host\": \"%s\", \"port\": %d, \"end\": "
		       "\"%s\"}\n",
		    visits[i].desk, visits[i].host, (int)visits[i].port,
		    visits[i].over ? end_name(visits[i].end) : "hung");
	}
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	const struct rlimit files = {VISITS_MAX, VISITS_MAX};

	if (argc < 3) {
		(void)fputs("usage: host BURST ADDRESS...\n", stderr);
		return 2;
	}
	(void)setrlimit(RLIMIT_NOFILE, &files);
	burst = strtoul(argv[1], NULL, 10);
	if (pthread_attr_init(&small) != 0 ||
	    pthread_attr_setstacksize(&small, STACK_BYTES) != 0)
		return 1;
	for (int i = 2; i < argc; i++) {
		for (size_t k = 0; k < sizeof(desks) / sizeof(desks[0]); k++) {
			if (!open_desk(argv[i], &desks[k]))
				return 1;
		}
	}
	printf("ready\n");
	(void)fflush(stdout);
	while (getchar() != EOF)
		continue;
	tell_all();
	_exit(0);
}
