/*
 * What msnwatch says: observations, attempts, coverage, counters.  Events are
 * values made in detect/ and app/, and rendered in report/.  Every text field
 * is safe text (base/text.h); an empty string or a zero means not known.
 * Times are nanoseconds since 1970 UTC, from packets only.
 */
#ifndef BASE_EVENT_H
#define BASE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/counters.h"

#define ACCOUNT_MAX        160
#define HOST_NAME_MAX_TEXT 80
#define DIALECTS_MAX       12
#define ATTEMPT_PATHS_MAX  8
#define VERDICT_BLOCKS_MAX 16
#define VERDICT_HOSTS_MAX  64
#define NS_PER_S           INT64_C(1000000000)
#define NS_PER_MS          INT64_C(1000000)

/* How a try went out. */
enum path { PATH_DIRECT, PATH_GATEWAY, PATH_CONNECT, PATH_SOCKS };

#define PATH_KINDS (PATH_SOCKS + 1)

/* How an attempt, or one path of it, ended; see the words in doc/map.md. */
enum outcome {
	OUTCOME_UNFINISHED,
	OUTCOME_SIGNED_IN,
	OUTCOME_REJECTED,
	OUTCOME_ABANDONED,
	OUTCOME_BLOCKED,
	OUTCOME_RESET,
	OUTCOME_IN_SESSION,
};

#define OUTCOMES (OUTCOME_IN_SESSION + 1)

/* Why a path was blocked; REASON_NONE for every other outcome. */
enum reason {
	REASON_NONE,
	REASON_NO_ANSWER,
	REASON_REFUSED,
	REASON_PROHIBITED,
	REASON_SINKHOLED,
	REASON_PROXY_DENIED,
};

#define REASONS (REASON_PROXY_DENIED + 1)

enum confidence { CONFIDENCE_HINT, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

/* What the client claims to be (CVR); product is what the claim amounts to. */
struct client_claim {
	char name[32];
	char version[32];
	char brand[24];
	char os[32];
	char locale[12];
	char arch[12];
	char product[64];
};

/* One way tried, repeats folded. */
struct path_try {
	enum path path;
	enum outcome outcome;
	enum reason reason;
	struct endpoint server;
	char host[HOST_NAME_MAX_TEXT]; /* name asked for, when the client named one */
	struct addr by;                /* the device that blocked, when known */
	uint16_t code;                 /* MSNP error or HTTP status of a refusal */
	uint32_t count;                /* tries folded into this one, at least 1 */
	uint32_t syns;                 /* of an unanswered connection: SYNs sent */
	bool forged; /* the RST came another way than its sender's packets */
	int64_t first;
	int64_t last;
};

struct attempt {
	enum outcome outcome;
	enum reason reason;
	enum confidence confidence;
	bool fallback;
	struct path_try paths[ATTEMPT_PATHS_MAX];
	uint8_t n_paths;
	uint32_t more_paths; /* tries that found the list full */
	char account[ACCOUNT_MAX];
	char signin_host
	    [HOST_NAME_MAX_TEXT];      /* where its password went, by TLS name: a hint */
	uint8_t dialect;               /* n of MSNPn, the one the service chose */
	uint8_t offered[DIALECTS_MAX]; /* in the client's order */
	uint8_t n_offered;
	struct client_claim client;
	uint16_t error_code; /* MSNP error that ended it */
	uint32_t tries;      /* sign-in dialogues folded, redirects not counted */
	uint32_t conversations;
	uint64_t bytes_client; /* payload sent by the client on watched connections */
	uint64_t bytes_server;
	int64_t start;
	int64_t end;
	int64_t signed_in_at;
	int64_t signed_in_ns; /* how long the session lasted, as far as seen */
};

/* One fact from one connection or gateway session. */
enum sign {
	SIGN_OPENED,       /* a messenger dialogue began */
	SIGN_NAMED,        /* the client named its account */
	SIGN_REDIRECTED,   /* the service sent the client elsewhere */
	SIGN_CHALLENGED,   /* the service asked for a credential */
	SIGN_SIGNED_IN,    /* the service said yes */
	SIGN_REJECTED,     /* the service said no */
	SIGN_IN_SESSION,   /* signed in before the capture began */
	SIGN_CONVERSATION, /* a switchboard was joined */
	SIGN_SIGNED_OUT,   /* OUT, from either side */
	SIGN_CLOSED,       /* the connection or gateway session ended */
	SIGN_TRYING,       /* a connection to a messenger address was asked for */
	SIGN_REACHED,      /* it was answered; what is said on it decides */
	SIGN_BLOCKED,      /* a try was turned away before any messenger answer */
	SIGN_HINTED,       /* the host went where passwords are checked */
};

struct messenger {
	enum sign sign;
	enum path path;
	enum confidence confidence;
	bool switchboard; /* a conversation's dialogue, not a sign-in's */
	char account[ACCOUNT_MAX];
	uint8_t dialect;
	uint16_t error_code;
	enum reason reason; /* with SIGN_BLOCKED */
	struct addr by;     /* the device that said so, when known */
	struct client_claim client;
	char host[HOST_NAME_MAX_TEXT];
	struct endpoint redirect; /* with SIGN_REDIRECTED */
};

/* A place where the report is blind. */
enum coverage_kind {
	COVERAGE_DAMAGED,    /* input broke off; what came before is reported */
	COVERAGE_UNREADABLE, /* input could not be opened or is no capture */
	COVERAGE_SKIPPED,    /* found in a folder and no capture */
	COVERAGE_LINK_TYPE,  /* frames of a link type that is not decoded */
	COVERAGE_LOST,       /* bytes of watched flows missing from the capture */
	COVERAGE_DROPPED,    /* frames, or facts on their way, for want of room */
	COVERAGE_INTERFACE,  /* an interface is away, or back */
	COVERAGE_OUTPUT,     /* events or packets cannot be written, or can again */
};

struct coverage {
	enum coverage_kind kind;
	char origin[256]; /* file or interface */
	uint64_t offset;  /* bytes into the file, with COVERAGE_DAMAGED */
	uint64_t count;   /* frames, bytes or what the text says */
	char text[256];   /* the message for people */
};

/* How a host fared after it met a block: the most it then got to, by any path. */
enum fate {
	FATE_HELD,      /* nowhere */
	FATE_UNDECIDED, /* the capture ends, or goes silent, before that can be told */
	FATE_REACHED,   /* the service answered it, but did not let it in */
	FATE_LEAKED,    /* it signed in */
};

#define FATES (FATE_LEAKED + 1)

/* Whether a block, or all of them, held. */
enum holding { HOLDING_NONE, HOLDING_HOLDS, HOLDING_LEAKS, HOLDING_UNDECIDED };

/* Hosts that got past by one kind of path. */
struct way {
	uint32_t hosts;
	uint16_t port; /* of the server; 0: several, or not known */
};

/*
 * A block as it shows in the capture: tries turned away by the same device on the same
 * kind of path for the same reason; where the device is not known, on the same port.
 * What differs between the tries is that of the first, with a bit in several.
 */
struct verdict_block {
	enum path path;
	enum reason reason;
	struct addr by;                /* the device, when known */
	struct addr answer;            /* of a sinkhole; unset: it gave no address */
	char name[HOST_NAME_MAX_TEXT]; /* name asked for, when known */
	uint16_t port;                 /* 0: none, as for a lookup */
	uint16_t code;                 /* HTTP status of a denial */
	uint8_t several;               /* SEVERAL_ bits */
	bool forged; /* an RST came another way than its sender's packets */
	uint64_t tries;
	uint64_t syns; /* sent in vain */
	uint32_t hosts;
	uint32_t fate[FATES];           /* of these hosts, by how they fared */
	struct way leaks[PATH_KINDS];   /* of the hosts that signed in */
	struct way reaches[PATH_KINDS]; /* of the hosts that reached the service */
};

#define SEVERAL_ANSWERS 1U
#define SEVERAL_NAMES   2U
#define SEVERAL_PORTS   4U
#define SEVERAL_CODES   8U

/* How one host fared after the first block it met. */
struct verdict_host {
	struct addr addr;
	enum fate fate;
	uint16_t met; /* bit of each block in the verdict's list */
	uint8_t ways; /* bit of each kind of path it got past by */
};

/* What a run's blocks came to.  Hosts that met none are unmet when they signed in. */
struct verdict {
	enum holding holding;
	uint32_t tried;     /* hosts seen trying */
	uint32_t signed_in; /* of these */
	uint32_t met;       /* of these, turned away at least once */
	uint32_t fate[FATES];
	uint32_t unmet;
	struct way unmet_by[PATH_KINDS];
	struct verdict_block blocks[VERDICT_BLOCKS_MAX]; /* most hosts first */
	uint8_t n_blocks;
	uint64_t more_tries;                          /* turned away by blocks beyond */
	struct verdict_host hosts[VERDICT_HOSTS_MAX]; /* that met one, by address */
	uint8_t n_hosts;
	uint32_t more_hosts; /* beyond the list; counted above */
	uint64_t uncounted;  /* attempts of hosts not told apart, counted nowhere above */
};

/*
 * Enforcement's doing on one connection, told when it is known what became of it; or a
 * limit that kept it from doing anything.  The words are those of enforce/.
 */
struct reset {
	const char *rule;   /* "cut", or the limit that was reached */
	const char *effect; /* NULL: nothing was sent */
	bool dry_run;       /* it would have been sent */
	enum sign evidence; /* the fact by which it was decided */
	enum path path;
	bool switchboard; /* a conversation's dialogue */
	char account[ACCOUNT_MAX];
	char host[HOST_NAME_MAX_TEXT];
	uint32_t volleys, frames;
	int64_t latency_ns; /* from the evidence's last byte to the first frame */
	int64_t life_ns;    /* from then to the last sign of life; 0: there was none */
	uint32_t limit;     /* resets a minute, where one was reached */
	uint64_t refused;   /* connections it has left alone since it was last told */
};

enum event_type {
	EVENT_MESSENGER,
	EVENT_ATTEMPT,
	EVENT_RESET,
	EVENT_STATS,
	EVENT_COVERAGE,
	EVENT_VERDICT, /* once, at the end of a run */
};

/* The envelope.  src is always the client. */
struct event {
	enum event_type type;
	int64_t ts;
	uint64_t seq;       /* per run, from 1 */
	const char *origin; /* file or interface; outlives the event; NULL: none */
	bool live;          /* an interface */
	uint64_t pcap_cnt;  /* number of the frame, from 1; 0: none */
	bool has_tuple;
	struct tuple tuple;
	uint16_t vlan[2]; /* outermost first; 0: none */
	uint8_t client_mac[6];
	bool has_mac;
	uint64_t flow_id; /* below 2^53; 0: none */
	union {
		struct messenger messenger;
		struct attempt attempt;
		struct reset reset;
		struct counters stats;
		struct coverage coverage;
		struct verdict verdict;
	} u;
};

/* The published words, as in design and schema: "direct", "signed-in", ... */
const char *path_word(enum path p);
const char *outcome_word(enum outcome o);
const char *reason_word(enum reason r);
const char *confidence_word(enum confidence c);
const char *sign_word(enum sign s);
const char *coverage_word(enum coverage_kind k);
const char *fate_word(enum fate f);
const char *holding_word(enum holding h);

/* What a path's result is called: the reason when blocked, else the outcome. */
const char *result_word(enum outcome o, enum reason r);

#endif
