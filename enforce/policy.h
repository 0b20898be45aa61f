/*
 * Who may be cut off, when and by what evidence.  A policy is made of settings once and
 * never changes; other settings are another policy.  Deciding is pure: no clock, no file,
 * no memory, and the same answer for the same question.
 */
#ifndef ENFORCE_POLICY_H
#define ENFORCE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/event.h"
#include "enforce/quota.h"
#include "enforce/rule.h"

#define POLICY_LIST_MAX 64       /* of networks, and of accounts, in one list */
#define POLICY_AGE_NS   NS_PER_S /* evidence may be so old */

enum policy_mode {
	POLICY_OFF,
	POLICY_DRY_RUN, /* decide and tell, send nothing */
	POLICY_RESET,
};

/* Their names, NULL ends. */
extern const char *const policy_mode_words[];

/* NULL ends each list; a list may be NULL itself, and is empty then. */
struct policy_opts {
	enum policy_mode mode;
	const char *const *protect;        /* networks whose hosts may be cut off */
	const char *const *exempt;         /* networks that may not, on either side */
	const char *const *exempt_account; /* or *@DOMAIN */
	const char *const *hours;          /* as schedule_add has them; none: always */
	const char *time_zone;             /* as zone_open has it */
	const char *const *path;           /* words of enum path; none: all */
	bool proxy;                        /* connections that others may share, too */
	bool conversations;                /* conversations, too */
	struct quota_limits limits;
	const char *panic_path; /* NULL: none */
};

struct policy;

/* Copies all it needs of the settings.  Anything but off takes networks to protect. */
int policy_open(struct policy **out, const struct policy_opts *po, struct err *e);
void policy_close(struct policy *p);

/* For the settings these make: -1 with what is wrong, to go behind the setting's name. */
int policy_check_account(const char *text, struct err *e);
int policy_check_path(const char *text, struct err *e);

enum policy_mode policy_mode(const struct policy *p);
const struct quota_limits *policy_limits(const struct policy *p);

/*
 * Whether nothing is to be sent because the panic file is there, or because it cannot be
 * told.  Looks at the file system.
 */
bool policy_panic(const struct policy *p);

/* One connection with messenger traffic, as it stands. */
struct suspect {
	struct addr client, server;
	enum path path;
	enum confidence confidence;
	const char *account; /* safe text, "": not known yet */
	bool conversation;
	bool via_proxy; /* others' requests may travel on the connection */
	bool panic;     /* as policy_panic says */
	int64_t seen;   /* wall clock: when the last byte of the evidence came by */
	int64_t now;    /* wall clock */
};

/* Never one of the limits: what is to be cut still has to pass quota_take. */
enum rule policy_decide(const struct policy *p, const struct suspect *s);

#endif
