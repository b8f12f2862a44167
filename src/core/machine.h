/* What this host is, as Linux tells it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MACHINE_TEXT = 160 };

enum smt { SMT_UNKNOWN, SMT_OFF, SMT_ON };

struct machine {
  char kernel[MACHINE_TEXT];   /* "Linux 6.1.0-18-amd64" */
  char governor[MACHINE_TEXT]; /* of the first CPU's clock; "" where the host does not say */
  enum smt smt;                /* whether cores run several threads at a time */
  uint64_t memory;             /* bytes; 0 where the host does not say */
};

/* `root` stands before the paths of /sys and /proc: "" for this host, a folder for tests. */
void machine_read(const char *root, struct machine *machine);

/* What sets the clock of a CPU: "performance", "powersave"; "" where the host does not say. */
void machine_governor(const char *root, int cpu, char *text, size_t size);
