#include "app/pipeline_flow.h"

void
rooms_save(struct rooms *r, const struct frame *f)
{
	if (r->hold == NULL)
		return;
	if (r->pieces != 0)
		hold_save(r->hold, r->pieces, r->save);
	else
		save_frame(r->save, f);
}

void
rooms_want(struct rooms *r, struct session *s)
{
	if (r->hold != NULL && !s->wanted)
		hold_save(r->hold, s->flow.id, r->save);
	s->wanted = true;
}

void
rooms_keep(struct rooms *r, const struct session *s, const struct frame *f)
{
	if (r->hold == NULL)
		return;
	if (s->wanted)
		rooms_save(r, f);
	else if (r->pieces != 0)
		hold_rekey(r->hold, r->pieces, s->flow.id);
	else
		hold_put(r->hold, s->flow.id, f);
}
