/* Invented events for the suites of report/: one or more of every kind, full and bare. */
#ifndef TESTS_SAMPLE_EVENTS_H
#define TESTS_SAMPLE_EVENTS_H

#include "base/event.h"

#define SAMPLE_START (INT64_C(1795420800) * NS_PER_S) /* 2026-11-23 08:00:00 */

struct endpoint sample_endpoint(const char *addr, uint16_t port);
struct event sample_event(enum event_type type);

struct event sample_full_attempt(void);
struct event sample_rejected_attempt(void);
struct event sample_sunk_attempt(void);
struct event sample_session_attempt(void);
struct event sample_redirect(void);
struct event sample_turned_away(void);
struct event sample_conversation(void);
struct event sample_reset(void);
struct event sample_dry_reset(void);
struct event sample_limit(void);
struct event sample_verdict(void);
struct event sample_quiet_verdict(void);
struct event sample_stats(void);
struct event sample_damage(void);
struct event sample_loss(void);

/* An attempt of a host, so many seconds after the start, and what may be added to it. */
struct event sample_try(const char *host, enum outcome outcome, int at);
struct path_try *sample_path(
    struct event *ev, enum path path, enum outcome outcome, uint32_t count);
void sample_name(
    struct event *ev, const char *account, uint8_t dialect, const char *product);

#endif
