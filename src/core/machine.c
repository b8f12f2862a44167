#include "core/machine.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/memory.h"

/* The file's first line, "" when there is none. */
static void read_line(const char *root, const char *path, char *text, size_t size) {
  char full[PATH_MAX];
  text[0] = '\0';
  snprintf(full, sizeof full, "%s%s", root, path);
  FILE *file = fopen(full, "r");
  if (file != NULL) {
    if (fgets(text, (int)size, file) == NULL) {
      text[0] = '\0';
    }
    text[strcspn(text, "\n")] = '\0';
    fclose(file);
  }
}

void machine_governor(const char *root, int cpu, char *text, size_t size) {
  char path[96];
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
  read_line(root, path, text, size);
}

static enum smt read_smt(const char *root) {
  char text[16];
  read_line(root, "/sys/devices/system/cpu/smt/active", text, sizeof text);
  return strcmp(text, "1") == 0 ? SMT_ON : strcmp(text, "0") == 0 ? SMT_OFF : SMT_UNKNOWN;
}

void machine_read(const char *root, struct machine *machine) {
  struct utsname system;
  *machine = (struct machine){.kernel = "unknown", .smt = read_smt(root)};
  machine->memory = memory_total(root);
  machine_governor(root, 0, machine->governor, sizeof machine->governor);
  if (uname(&system) == 0) {
    snprintf(machine->kernel, sizeof machine->kernel, "%s %s", system.sysname, system.release);
  }
}
