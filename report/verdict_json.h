/* A run's verdict as JSON. */
#ifndef REPORT_VERDICT_JSON_H
#define REPORT_VERDICT_JSON_H

#include "base/event.h"
#include "report/obj_json.h"

struct obj verdict_obj(const struct verdict *v);

#endif
