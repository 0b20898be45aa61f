#include "tests/caught.h"

#include "enforce/inject.h"

static unsigned n;

bool __real_inject_frame(struct inject *in, const char *interface, struct bytes frame);
bool __wrap_inject_frame(struct inject *in, const char *interface, struct bytes frame);
bool __real_inject_packet(struct inject *in, const struct addr *to, struct bytes packet);
bool __wrap_inject_packet(struct inject *in, const struct addr *to, struct bytes packet);

static struct inject *
trap(void)
{
	void *at = &n;

	return at;
}

struct inject *
caught_begin(void)
{
	n = 0;
	return trap();
}

unsigned
caught(void)
{
	return n;
}

bool
__wrap_inject_frame(struct inject *in, const char *interface, struct bytes frame)
{
	if (in != trap())
		return __real_inject_frame(in, interface, frame);
	n++;
	return true;
}

bool
__wrap_inject_packet(struct inject *in, const struct addr *to, struct bytes packet)
{
	if (in != trap())
		return __real_inject_packet(in, to, packet);
	n++;
	return true;
}
