/* What one host is to do, as a line of a scenario orders it. */
#ifndef SAMPLES_ACT_H
#define SAMPLES_ACT_H

#include "samples/messenger.h"
#include "samples/reader.h"

struct when {
	int64_t from, until;
	int64_t period; /* 0: once, at from */
};

struct verb;

struct order {
	const struct verb *verb;
	const char *what; /* the verb's name */
	struct node *host;
	const char *subject; /* account, or name looked up; NULL: none */
	const char *with;
	struct signin signin;
	struct node *to;
	unsigned count;
	size_t size;
	int64_t span;
	struct bytes quote;
	bool answered;
	struct lookup lookup;
};

/* The key words of the line, each with its value, of those in keys. */
int order_keys(struct reader *r, struct order *o, const char *keys);

int act_signin(struct reader *r, const struct order *o, int64_t t);
int act_signout(struct reader *r, const struct order *o, int64_t t);
int act_vanish(struct reader *r, const struct order *o, int64_t t);
int act_chat(struct reader *r, const struct order *o, int64_t t);
int act_talk(struct reader *r, const struct order *o, int64_t t);
int act_lookup(struct reader *r, const struct order *o, int64_t t);
int act_knock(struct reader *r, const struct order *o, int64_t t);
int act_icmp(struct reader *r, const struct order *o, int64_t t);
int act_noise(struct reader *r, const struct order *o, int64_t t);

#endif
