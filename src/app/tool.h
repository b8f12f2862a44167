/* Commands that work on result files: they need no ranks and start no MPI. */
#pragma once

#include <stddef.h>

#include "core/fault.h"
#include "core/options.h"

struct tool {
  const char *name, *summary, *example;
  const struct option_row *options; /* all that it takes: the options of jobs are not accepted */
  size_t parameters_size;
  /* What the rows cannot say; may be NULL. */
  enum status (*validate)(const void *parameters, struct fault *fault);
  /* One process. *code is the exit code where the tool could do its work. */
  enum status (*run)(const void *parameters, int *code, struct fault *fault);
};

/* The registry: one word a tool. */
#define TOOLS(X) X(compare)
#define TOOL_DECLARE(name) extern const struct tool name##_tool;
TOOLS(TOOL_DECLARE)
#undef TOOL_DECLARE

extern const struct tool *const tools[]; /* ends with NULL */

const struct tool *tool_find(const char *name); /* NULL when there is none */
