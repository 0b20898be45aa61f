/* Which system calls the sandbox leaves; no more than tables. */
#ifndef APP_SANDBOX_RULES_H
#define APP_SANDBOX_RULES_H

#include <stddef.h>
#include <stdint.h>

enum sandbox_act {
	SANDBOX_ALLOW,
	SANDBOX_CASES,  /* allowed in the cases of sandbox_cases */
	SANDBOX_FENCE,  /* allowed but in the cases of sandbox_cases */
	SANDBOX_OUT,    /* on standard output and error, local and wire descriptors */
	SANDBOX_SEND,   /* on local and wire descriptors */
	SANDBOX_KEEP,   /* on all but those */
	SANDBOX_SELF,   /* for this process */
	SANDBOX_ABSENT, /* answered as if the kernel did not know it */
	SANDBOX_KILL,   /* ends the process */
};

struct sandbox_rule {
	const char *calls; /* names, a blank between two */
	enum sandbox_act act;
	const char *limit; /* what the arguments must be, in words; or empty */
	const char *why;
};

struct sandbox_rules {
	const struct sandbox_rule *rule;
	size_t n;
};

struct sandbox_match {
	unsigned arg;
	uint64_t mask;
	uint64_t value; /* of what the mask leaves */
};

/* Arguments that a call may have, or with SANDBOX_FENCE may not. */
struct sandbox_case {
	const char *call;
	unsigned n;
	struct sandbox_match match[2];
};

struct sandbox_cases {
	const struct sandbox_case *c;
	size_t n;
};

/* A system call stands in one rule; what stands in none ends with EPERM. */
struct sandbox_rules sandbox_rules(void);
struct sandbox_cases sandbox_cases(void);

#endif
