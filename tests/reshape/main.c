/* reshape: the same capture in another shape, for tests. */
#include <stdio.h>
#include <string.h>

#include "tests/reshape/container.h"
#include "tests/reshape/ipv6.h"
#include "tests/reshape/shapes.h"

#define EXIT_USAGE       2
#define EXIT_NOT_CARRIED 3

static int
usage(void)
{
	(void)fputs("usage: reshape SHAPE IN.pcap OUT\n"
		    "       reshape --list\n"
		    "       reshape --host-map SHAPE ADDRESS\n",
	    stderr);
	return EXIT_USAGE;
}

static int
list(void)
{
	size_t i;

	for (i = 0; shapes[i].name != NULL; i++)
		(void)printf("%s\n", shapes[i].name);
	return 0;
}

static const struct shape *
shape_named(const char *name)
{
	size_t i;

	for (i = 0; shapes[i].name != NULL; i++)
		if (strcmp(shapes[i].name, name) == 0)
			return &shapes[i];
	(void)fprintf(stderr, "reshape: no shape is called %s; see --list\n", name);
	return NULL;
}

static int
host_map(const struct shape *s, const char *text)
{
	char buf[ADDR_TEXT_MAX];
	struct addr a;
	size_t i;

	if (s == NULL || !addr_parse(text, &a))
		return usage();
	for (i = 0; i < SHAPE_STEPS && s->steps[i].run != NULL; i++)
		if (s->steps[i].run == step_ipv6)
			a = ipv6_map(&a);
	(void)printf("%s\n", addr_text(&a, buf));
	return 0;
}

/* Runs the steps, leaving the result in *t. */
static void
apply(const struct shape *s, struct trace *t)
{
	struct trace next;
	size_t i;

	for (i = 0; i < SHAPE_STEPS && s->steps[i].run != NULL; i++) {
		next = (struct trace){
		    .linktype = t->linktype, .not_carried = t->not_carried};
		s->steps[i].run(t, &next, s->steps[i].arg);
		trace_free(t);
		*t = next;
	}
}

static int
reshape(const struct shape *s, const char *in, const char *out)
{
	struct err e = {0};
	struct trace t;
	int r = 1;

	if (s == NULL)
		return EXIT_USAGE;
	if (trace_load(&t, in, &e) == 0) {
		apply(s, &t);
		r = 0;
		if (t.not_carried > 0) {
			(void)err_set(&e, "%s: %s cannot carry %zu of its packets", in,
			    s->name, t.not_carried);
			r = EXIT_NOT_CARRIED;
		} else if (container_write(&s->container, &t, out, &e) != 0) {
			r = 1;
		}
	}
	trace_free(&t);
	if (r != 0)
		(void)fprintf(stderr, "reshape: %s\n", e.text);
	return r;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	if (argc != 4)
		return usage();
	if (strcmp(argv[1], "--host-map") == 0)
		return host_map(shape_named(argv[2]), argv[3]);
	return reshape(shape_named(argv[1]), argv[2], argv[3]);
}
