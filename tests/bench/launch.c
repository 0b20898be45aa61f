/*
 * Runs a command and prints what it took, on standard output: seconds of wall, user and
 * system time, peak resident KiB, exit status.  What the command itself says is thrown
 * away.  A program small enough not to show in the peak of what it starts.
 *
 * usage: launch COMMAND...
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void
become(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		_exit(126);
	(void)execvp(command[0], command);
	_exit(127);
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == 0)
		become(argv + 1);
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
		perror(argv[1]);
		return 1;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	(void)printf("%.6f %.6f %.6f %ld %d\n",
	    (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
	    seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	return 0;
}
