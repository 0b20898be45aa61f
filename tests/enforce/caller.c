/*
 * The clients of the scene, a thread each, all of them at once.
 *
 * usage: caller < PLAN    a line each: KIND[,KIND...] FROM TO ACCOUNT START BETWEEN
 *
 * The kinds (call.c) are tried in turn until one is done.  START: microseconds
 * after the word to begin, BETWEEN: microseconds between lines that await no answer
 * (0: each is awaited).  An empty line ends the plan; "ready" is said; the next
 * line is the word to begin.  Then every connection is told as a line of JSON.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "call.h"

#define CALLS_MAX   8192
#define FILES_MAX   16384
#define STACK_BYTES (128 * 1024)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t word = PTHREAD_COND_INITIALIZER;
static bool begun;

static void *
client(void *arg)
{
	(void)pthread_mutex_lock(&lock);
	while (!begun)
		(void)pthread_cond_wait(&word, &lock);
	(void)pthread_mutex_unlock(&lock);
	call_make(arg);
	return NULL;
}

static bool
read_call(char *text, struct call *call)
{
	char names[160], *rest;

	memset(call, 0, sizeof(*call));
	if (sscanf(text, "%159s %45s %45s %63s %" SCNd64 " %" SCNd64, names, call->from,
		call->to, call->account, &call->start_us, &call->between_us) != 6)
		return false;
	for (char *name = strtok_r(names, ",", &rest); name != NULL;
	     name = strtok_r(NULL, ",", &rest)) {
		if (call->n_kinds == CALL_TRIES || !call_known(name) ||
		    strlen(name) >= sizeof(call->kinds[0]))
			return false;
		(void)strcpy(call->kinds[call->n_kinds++], name);
	}
	return call->n_kinds > 0;
}

static void
tell(const struct call *call, size_t number)
{
	for (size_t i = 0; i < call->n_met; i++) {
		const struct met *met = &call->met[i];

		printf(
		    "{\"call\": %zu, \"try\": %zu, \"kind\": \"%s\", \"host\": \"%s\", "
		    "\"port\": %d, \"done\": %s, \"end\": \"%s\", \"at\": \"%s\", "
		    "\"us\": %" PRId64 "}\n",
		    number, i, met->kind, call->from, (int)met->port,
		    met->done ? "true" : "false", end_name(met->end), met->last, met->us);
	}
}

static size_t
read_plan(struct call *calls)
{
	char text[512];
	size_t n = 0;

	while (fgets(text, sizeof(text), stdin) != NULL && text[0] != '\n') {
		if (n == CALLS_MAX || !read_call(text, &calls[n])) {
			(void)fprintf(stderr, "caller: no such plan: %s", text);
			exit(2);
		}
		n++;
	}
	return n;
}

static void
run(struct call *calls, pthread_t *threads, size_t n)
{
	pthread_attr_t small;

	if (pthread_attr_init(&small) != 0 ||
	    pthread_attr_setstacksize(&small, STACK_BYTES) != 0)
		exit(1);
	for (size_t i = 0; i < n; i++) {
		if (pthread_create(&threads[i], &small, client, &calls[i]) != 0) {
			(void)fputs("caller: no thread for one more\n", stderr);
			exit(1);
		}
	}
	printf("ready\n");
	(void)fflush(stdout);
	(void)getchar();
	(void)pthread_mutex_lock(&lock);
	begun = true;
	(void)pthread_cond_broadcast(&word);
	(void)pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(threads[i], NULL);
}

int
main(void)
{
	const struct rlimit files = {FILES_MAX, FILES_MAX};
	struct call *calls = calloc(CALLS_MAX, sizeof(*calls));
	pthread_t *threads = calloc(CALLS_MAX, sizeof(*threads));
	size_t n;

	if (calls == NULL || threads == NULL)
		return 1;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	n = read_plan(calls);
	run(calls, threads, n);
	for (size_t i = 0; i < n; i++)
		tell(&calls[i], i);
	free(threads);
	free(calls);
	return 0;
}
