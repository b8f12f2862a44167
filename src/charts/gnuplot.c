#include "charts/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ; /* NOLINT(readability-redundant-declaration): POSIX has it in no header */

/* What gnuplot complained of: the last line that says something, without its bell and prompt. */
static enum status complain(FILE *errors, struct fault *fault) {
  char line[256];
  char last[256] = "it says nothing";
  rewind(errors);
  while (fgets(line, sizeof line, errors) != NULL) {
    const char *text = line + strspn(line, " \t^\a");
    size_t length = strcspn(text, "\n");
    if (length > 0 && strncmp(text, "gnuplot>", 8) != 0) {
      snprintf(last, sizeof last, "%.*s", (int)length, text);
    }
  }
  return fault_set(fault, STATUS_FAILED, "gnuplot could not draw: %s", last);
}

/* Files without names take the place of pipes: nobody waits for anybody. */
static int spawn(FILE *script, FILE *output, FILE *errors, pid_t *child) {
  char program[] = "gnuplot";
  char own_settings[] = "--default-settings"; /* not the user's, which may draw otherwise */
  char standard_input[] = "-";
  char *const command[] = {program, own_settings, standard_input, NULL};
  posix_spawn_file_actions_t actions;
  int failed = posix_spawn_file_actions_init(&actions);
  if (failed != 0) {
    return failed;
  }
  const int wanted[][2] = {{fileno(script), STDIN_FILENO},
                           {fileno(output), STDOUT_FILENO},
                           {fileno(errors), STDERR_FILENO}};
  for (size_t i = 0; failed == 0 && i < 3; i++) {
    failed = posix_spawn_file_actions_adddup2(&actions, wanted[i][0], wanted[i][1]);
  }
  if (failed == 0) {
    failed = posix_spawnp(child, command[0], &actions, NULL, command, environ);
  }
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

static enum status run(FILE *script, FILE *output, FILE *errors, struct fault *fault) {
  pid_t child = 0;
  int code = 0;
  fflush(script);
  if (lseek(fileno(script), 0, SEEK_SET) != 0) {
    return fault_set(fault, STATUS_FAILED, "gnuplot's script cannot be read: %s", strerror(errno));
  }
  int failed = spawn(script, output, errors, &child);
  if (failed == ENOENT) {
    return fault_set(fault, STATUS_FAILED,
                     "gnuplot is not installed: plots need it (Debian: apt-get install "
                     "gnuplot-nox)");
  }
  if (failed != 0) {
    return fault_set(fault, STATUS_FAILED, "gnuplot cannot be started: %s", strerror(failed));
  }
  while (waitpid(child, &code, 0) < 0) {
    if (errno != EINTR) {
      return fault_set(fault, STATUS_FAILED, "gnuplot got lost: %s", strerror(errno));
    }
  }
  return WIFEXITED(code) && WEXITSTATUS(code) == 0 && lseek(fileno(output), 0, SEEK_END) > 0
             ? STATUS_OK
             : complain(errors, fault);
}

static enum status copy(FILE *from, FILE *to, struct fault *fault) {
  char bytes[8192];
  size_t count = 0;
  rewind(from);
  while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) {
    fwrite(bytes, 1, count, to);
  }
  return ferror(from) ? fault_set(fault, STATUS_FAILED, "gnuplot's picture cannot be read: %s",
                                  strerror(errno))
                      : STATUS_OK;
}

enum status gnuplot_draw(FILE *script, FILE *picture, struct fault *fault) {
  FILE *output = tmpfile();
  FILE *errors = tmpfile();
  enum status status =
      output == NULL || errors == NULL
          ? fault_set(fault, STATUS_FAILED, "no temporary file: %s", strerror(errno))
          : run(script, output, errors, fault);
  if (status == STATUS_OK) {
    status = copy(output, picture, fault);
  }
  if (output != NULL) {
    fclose(output);
  }
  if (errors != NULL) {
    fclose(errors);
  }
  return status;
}
