#include "capture/defrag.h"

/* Pieces in turn: id, time step, offset and more, length; then their bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct decode_stats st;
	struct cur c = cur_of(bytes_of(data, size));
	struct packet p = {.frag_proto = 47}, out;
	struct bytes whole;
	struct defrag *d;

	if (defrag_open(&d, &(struct defrag_opts){4, 3, false}, &(struct err){""}) != 0)
		return 0;
	while (cur_left(&c) >= 6) {
		p.frag_id = cur_u8(&c);
		p.ts += (int64_t)cur_u8(&c) * 100000000;
		p.frag_more = (c.p[0] & 0x20) != 0;
		p.frag_offset = (cur_be16(&c) & 0x1fffU) * 8;
		p.frag_bytes = cur_take(&c, cur_be16(&c));
		if (defrag_push(d, &p, &whole))
			(void)decode_datagram(&p, whole, &out, &st);
	}
	return defrag_close(d), 0;
}
