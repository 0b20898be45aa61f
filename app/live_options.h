/* The options of `msnwatch live`. */
#ifndef APP_LIVE_OPTIONS_H
#define APP_LIVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "app/config.h"
#include "app/enforce_options.h"
#include "app/settings.h"
#include "report/account.h"

#define LIVE_INTERFACES_MAX 16
#define LIVE_WORKERS_MAX    16

enum live_sink {
	LIVE_TO_FILE, /* output_path */
	LIVE_TO_SYSLOG,
};

struct live_options {
	struct word_list interfaces; /* LIVE_INTERFACES_MAX at most */
	struct word_list names;      /* further names of the service */
	struct word_list sinkholes;
	char filter[4096];       /* what follows the options, or empty */
	const char *output_path; /* NULL: standard output */
	const char *key_path;    /* NULL: the user's own */
	const char *sensor;      /* NULL: the machine's name */
	enum account_mode accounts;
	size_t ring;      /* bytes, for each interface, shared among its workers */
	unsigned workers; /* at least 1 */
	int64_t window_ns;
	const char *user;         /* to become; NULL: stay who we are */
	bool sandbox;             /* filter system calls */
	enum live_sink sink;      /* where events go */
	const char *status_path;  /* NULL: none */
	const char *metrics_path; /* NULL: none */
	const char *write_path;   /* packets of watched connections; NULL: none */
	uint64_t write_size;      /* bytes of one such file, 0: any */
	int64_t write_ns;         /* time of one such file, 0: any */
	unsigned write_keep;      /* such files there may be, 0: any number */
	struct enforce_options enforce;
	const char *config_path; /* NULL: none */
	bool status;             /* only show what status_path says */
	bool help;
	struct origins origins; /* of each row of live_settings */
	bool keyed;             /* pseudonyms were asked for at the start */
	bool armed;             /* resets were: there is something to send them by */
	struct config config;   /* what the file said, as last read */
	char *start;            /* what it said at the start, once it was read again */
};

/* What can be set, as a table of struct live_options. */
const struct settings *live_settings(void);

void live_usage(FILE *to);

/*
 * Defaults, over them the configuration file, over that the arguments.  STATUS_DONE, or
 * another exit status after saying what is wrong.  live_options_close is the caller's in
 * any case.
 */
int live_options(int argc, char **argv, struct live_options *lo);

/* Defaults, and over them what that file says; false after saying what is wrong. */
bool live_options_file(struct live_options *lo, const char *path);

void live_options_close(struct live_options *lo);

/*
 * Reads the configuration file again.  Settings that may change while watching are put
 * into lo, and texts taken from it before are void; what changed but has to wait for a
 * restart is told, and stays.  False when there is no file or it is invalid, which is
 * told, and changes nothing.
 */
bool live_options_reload(struct live_options *lo);

#endif
