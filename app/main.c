#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	(void)printf("msnwatch %s\n", version_text());
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
}

static int cmd_help(int argc, char **argv, const volatile sig_atomic_t *stop);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv, const volatile sig_atomic_t *stop);
	const char *what;
} commands[] = {
    {"read", cmd_read, "audit capture files"},
    {"live", cmd_live, "watch network interfaces"},
    {"check-config", cmd_check_config, "check a configuration file of live"},
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
		(void)fprintf(to, "  %-13s %s\n", commands[i].name, commands[i].what);
	(void)fputs("\n'msnwatch COMMAND --help' tells the options of a command.\n", to);
}

static int
unknown(const char *name)
{
	(void)fprintf(
	    stderr, "msnwatch: unknown command '%s'\nTry 'msnwatch help'.\n", name);
	return STATUS_USAGE;
}

static int
cmd_help(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	char help[] = "--help";
	char *args[] = {NULL, help, NULL};
	size_t i;

	for (i = 0; argc > 1 && i < N_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		if (commands[i].run == cmd_help)
			break;
		args[0] = argv[1];
		return commands[i].run(2, args, stop);
	}
	if (i == N_COMMANDS)
		return unknown(argv[1]);
	usage(stdout);
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FAILED;
}

/*
 * A standard stream that is closed would lend its number to the next file opened, and a
 * report or an error message would end up in it.  Opened the wrong way round, it fails
 * when it is used.
 */
static void
hold_standard_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	/* The first signal ends the reading, a second one the program. */
	struct sigaction act = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	hold_standard_streams();
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
	if (argc > 1)
		return unknown(name);
	usage(stderr);
	return STATUS_USAGE;
}
