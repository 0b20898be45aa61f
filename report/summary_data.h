/* What a summary holds, for the files that fold it and that write it. */
#ifndef REPORT_SUMMARY_DATA_H
#define REPORT_SUMMARY_DATA_H

#include "base/hash.h"
#include "base/table.h"
#include "report/block.h"
#include "report/summary.h"

#define OUTCOMES       (OUTCOME_IN_SESSION + 1)
#define NAMES_SHOWN    2
#define NAMES_TOLD     16 /* told apart; what comes later only sets more */
#define COVERAGE_NOTES 64

/* The different accounts, or clients, of one host: the first by name, all by number. */
struct names {
	char text[NAMES_SHOWN][ACCOUNT_MAX];
	uint64_t seen[NAMES_TOLD];
	uint8_t n;
	bool more;
};

struct host_note {
	struct addr addr; /* first: the table's key */
	uint64_t attempts;
	uint64_t ended[OUTCOMES]; /* of these, by outcome */
	bool late;        /* each sign-in came only after another path had failed */
	uint8_t paths;    /* bit of each path tried */
	uint8_t in_paths; /* bit of each path that signed in */
	uint8_t outcome;  /* of the attempt that began last */
	int64_t outcome_at;
	int64_t first, last;
	struct host_blocks blocks;
	struct names accounts;
	struct names clients;
};

struct path_note {
	struct addr by;
	uint8_t path, outcome, reason;
	bool forged;
	uint16_t port, code;
	uint32_t count;
};

struct attempt_note {
	struct addr host;
	int64_t start, end, session_ns;
	char account[ACCOUNT_MAX];
	char client[64];
	struct path_note path[ATTEMPT_PATHS_MAX];
	uint8_t n_paths, outcome, reason, dialect;
	uint16_t error_code;
	uint32_t more_paths, conversations;
	uint32_t order; /* of arrival, to keep equal times in place */
};

struct summary {
	struct hash_key hash;
	struct table *hosts;
	struct blocks blocks;
	struct host_note *sorted[SUMMARY_HOSTS]; /* filled when the report is written */
	struct attempt_note *attempt;
	size_t n_attempts;
	uint64_t total;      /* attempts, listed or not */
	uint64_t homeless;   /* attempts of hosts beyond SUMMARY_HOSTS */
	uint64_t hints;      /* what only looked like an attempt */
	int64_t first, last; /* over all attempts; 0 when there is none */
	struct coverage *coverage;
	size_t n_coverage;
	uint64_t more_coverage; /* notes beyond COVERAGE_NOTES */
	uint64_t more_skipped;
	uint64_t blind; /* notes that say something was not read */
};

#endif
