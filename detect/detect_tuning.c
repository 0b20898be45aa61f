#include <stdlib.h>

#include "detect/detect_room.h"
#include "detect/judge.h"

struct detect_tuning {
	struct names *names;
	struct judge judge;
};

int
detect_tuning_open(struct detect_tuning **out, const char *const *names,
    const char *const *sinkholes, struct err *e)
{
	struct detect_tuning *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return err_set(e, "out of memory for names and sinkholes");
	if (names_open_with(&t->names, names, e) != 0 ||
	    judge_init(&t->judge, sinkholes, e) != 0) {
		detect_tuning_close(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
detect_tuning_close(struct detect_tuning *t)
{
	if (t == NULL)
		return;
	names_close(t->names);
	free(t);
}

void
detect_tune(struct detect *d, struct detect_tuning *t)
{
	struct names *before = d->names;

	d->names = t->names;
	d->reach.names = t->names;
	resolve_tune(d->reach.resolve, t->names, &t->judge);
	t->names = before;
	detect_tuning_close(t);
}
