#define _POSIX_C_SOURCE 200809L
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/version.h"

static volatile sig_atomic_t stopping;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static int
cmd_version(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	(void)argc;
	(void)argv;
	(void)stop;
	printf("msnwatch %s\n", version_text());
	return STATUS_DONE;
}

static int cmd_help(int argc, char **argv, const volatile sig_atomic_t *stop);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv, const volatile sig_atomic_t *stop);
	const char *what;
} commands[] = {
    {"read", cmd_read, "audit capture files"},
    {"version", cmd_version, "print the version"},
    {"help", cmd_help, "print this"},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *to)
{
	size_t i;

	(void)fputs(
	    "usage: msnwatch COMMAND [options] ...\n\n"
	    "Tells which hosts tried to use MSN Messenger, by which path, and whether\n"
	    "it worked.  It only listens.\n\n",
	    to);
	for (i = 0; i < N_COMMANDS; i++)
		(void)fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].what);
	(void)fputs("\n'msnwatch COMMAND --help' tells the options of a command.\n", to);
}

static int
cmd_help(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	char help[] = "--help";
	char *args[] = {NULL, help, NULL};
	size_t i;

	for (i = 0; argc > 1 && i < N_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0 || commands[i].run == cmd_help)
			continue;
		args[0] = argv[1];
		return commands[i].run(2, args, stop);
	}
	usage(stdout);
	return STATUS_DONE;
}

int
main(int argc, char **argv)
{
	struct sigaction act = {.sa_handler = on_stop};
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	/* Only the character set matters; a missing locale means plain ASCII. */
	(void)setlocale(LC_CTYPE, "");
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		name = "version";
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	for (i = 0; i < N_COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1, &stopping);
	if (name[0] != '\0')
		(void)fprintf(stderr, "msnwatch: unknown command '%s'\n", name);
	usage(stderr);
	return STATUS_USAGE;
}
