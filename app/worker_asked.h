/* Inside a worker: what other threads ask of it while it runs. */
#ifndef APP_WORKER_ASKED_H
#define APP_WORKER_ASKED_H

#include "app/worker.h"

/* The worker's own thread: takes what has changed, and counts when that was asked for. */
void worker_heed(struct worker *w);

#endif
