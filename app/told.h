/* What a worker tells the folding thread, through a ring. */
#ifndef APP_TOLD_H
#define APP_TOLD_H

#include "base/event.h"
#include "detect/observation.h"

enum told_kind { TOLD_OBSERVATION, TOLD_COVERAGE, TOLD_RESET };

struct told {
	enum told_kind kind;
	int64_t stamp; /* how far the worker had come, in the capture's own time */
	int64_t since; /* of the monotonic clock: when it was put, nanoseconds */
	union {
		struct {
			/* who is not to be used; times are the capture's own */
			struct observation o;
			struct signin who;
		} observation;
		struct coverage coverage;
		struct {
			struct reset reset;
			struct conn conn; /* of a limit the host alone */
		} reset;
	} u;
};

#endif
